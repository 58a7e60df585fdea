using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Commands;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Keys;

/// <summary>How keys are written in the settings, and how one of many is found.</summary>
public sealed class ConsumerKeyTests
{
    [Fact]
    public async Task What_hash_key_prints_is_pasted_as_it_is_and_its_key_opens()
    {
        await using var verb = GatewayProcess.Start(["hash-key"]);
        Assert.Equal(0, await verb.ExitAsync());
        var lines = verb.Output.Split('\n');
        var key = lines[0]["key".Length..].Trim();

        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.With(new JsonObject
        {
            ["Mode"] = "ApiKey",
            ["Consumers"] = JsonNode.Parse($"{{ {lines[1]} }}"),
        }));

        Assert.DoesNotContain(key, lines[1], StringComparison.Ordinal);
        Assert.Contains("CalGateway:Access:Consumers", verb.Errors, StringComparison.Ordinal);
        Assert.Null(HashKeyCommand.WhyUnfit(key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, key[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, key[..8]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, key[..^1] + (key[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, key + "A"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, (string)JsonNode.Parse($"{{ {lines[1]} }}")!["caller"]!["Keys"]![0]!));
    }

    [Theory]
    [InlineData(AccessSettings.Key, 0)]
    [InlineData("letmein", 1)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)]
    [InlineData("", 1)]
    public async Task A_key_that_is_there_already_is_hashed_unless_it_could_be_guessed(string key, int exit)
    {
        await using var verb = GatewayProcess.Start(["hash-key", "--stdin"], input: key + "\n");

        Assert.Equal(exit, await verb.ExitAsync());
        if (exit == 0)
            Assert.Equal(KeyHash.Of(key).ToString(), (string?)JsonNode.Parse($"{{ {verb.Output} }}")!["caller"]!["Keys"]![0]);
        else
            Assert.Contains("calgateway hash-key", verb.Errors, StringComparison.Ordinal);
    }

    public static TheoryData<string> WaysToWrite => new()
    {
        $"\"{KeyHash.Of(AccessSettings.Key)}\"",
        $"\" {KeyHash.Of(AccessSettings.Key)} \"",
        $"[\"{KeyHash.Of(AccessSettings.Key)}\"]",
        $"[{{ \"Hash\": \"{KeyHash.Of(AccessSettings.Key)}\", \"Expires\": \"2999-01-01T00:00:00Z\" }}]",
        $"[{{ \"Hash\": \"{KeyHash.Of(AccessSettings.OtherKey)}\" }}, \"{AccessSettings.OlderHash(AccessSettings.Key)}\"]",
        $"\"{AccessSettings.OlderHash(AccessSettings.Key)}\"",
        $"[{{ \"Hash\": \"{AccessSettings.OlderHash(AccessSettings.Key)}\" }}]",
    };

    [Theory]
    [MemberData(nameof(WaysToWrite), DisableDiscoveryEnumeration = true)]
    public async Task A_key_is_a_bare_hash_or_an_object_alone_or_in_a_list_and_never_shown(string keys)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: AccessSettings.ApiKey(consumer => consumer["Keys"] = JsonNode.Parse(keys)));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, AccessSettings.Key + "x"));

        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };
        var shown = await operators.GetStringAsync("/config", TestContext.Current.CancellationToken);
        Assert.Contains("[redacted]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_come_from_the_environment()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(), environment: new Dictionary<string, string?>
        {
            ["CalGateway__Access__Consumers__another__Keys"] = KeyHash.Of(AccessSettings.OtherKey).ToString(),
            ["CalGateway__Access__Consumers__third__Keys__0"] = KeyHash.Of(AccessSettings.Key + "-of-the-third").ToString(),
        });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.OtherKey));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key + "-of-the-third"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_consumers_with_the_same_key_are_refused_and_both_named(bool older)
    {
        var hash = older ? AccessSettings.OlderHash(AccessSettings.Key) : KeyHash.Of(AccessSettings.Key).ToString();
        var (exit, output) = await CheckAsync(AccessSettings.ApiKey(
            consumer => consumer["Keys"] = hash,
            access => access["Consumers"]!["another"] = new JsonObject { ["Keys"] = new JsonArray(KeyHash.Of(AccessSettings.OtherKey).ToString(), hash) }));

        Assert.Equal(1, exit);
        Assert.Matches("error: .*\"another\" and \"website\"|error: .*\"website\" and \"another\"", output);
        Assert.DoesNotContain(hash, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"not-a-hash-but-perhaps-a-key-0123456789\"")]
    [InlineData("[\n\"not-a-hash-but-perhaps-a-key-0123456789\"\n]")]
    [InlineData("[{\n\"Hash\": \"not-a-hash-but-perhaps-a-key-0123456789\" }]")]
    [InlineData("[\"not-a-hash-but-perhaps-a-key-0123456789\", 5]")]
    [InlineData("\"\"")]
    [InlineData("[\"sha256:\"]")]
    [InlineData("[\"sha512:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]")]
    [InlineData("[{}]")]
    [InlineData("true")]
    public async Task What_is_no_hash_is_refused_with_its_line_and_is_not_repeated(string keys)
    {
        var settings = AccessSettings.ApiKey(consumer => consumer["Keys"] = "HERE").Replace("\"HERE\"", keys, StringComparison.Ordinal);

        var (exit, output) = await CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Matches(@"yarp\.json:\d+:\d+ error: ", output);
        Assert.DoesNotContain("perhaps-a-key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_older_hashes_right_keys_open_while_wrong_ones_are_sent_and_are_found_after_an_edit()
    {
        const int consumers = 400;
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithOlderHashes(consumers));

        for (var consumer = 0; consumer < consumers; consumer += 40)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key + consumer));
        for (var wrong = 0; wrong < 100; wrong++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, AccessSettings.OtherKey + wrong));

        // What was found is looked up: neither wrong keys nor an edit can have it tried again.
        gateway.Edit(text => text.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("is in force", StringComparison.Ordinal)), "the edit is in force");
        for (var consumer = 0; consumer < consumers; consumer += 40)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key + consumer));
    }

    [Fact]
    public async Task Wrong_keys_beyond_what_may_be_tried_are_told_to_come_back()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithOlderHashes(2000));

        for (var wrong = 0; wrong < 5; wrong++)
            await StatusAsync(gateway, AccessSettings.OtherKey + wrong);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.OtherKey + "and-one-more");
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key)); // is looked up
    }

    [Fact]
    public async Task The_same_wrong_key_is_tried_against_the_older_hashes_once_however_often_it_comes()
    {
        const int consumers = 2000; // two wrong keys use up the trials that are allowed at once, and two seconds' worth of new ones
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithOlderHashes(consumers));

        for (var time = 0; time < 40; time++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, AccessSettings.OtherKey));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key + (consumers - 1)));
    }

    [Fact]
    public async Task An_older_hash_whose_key_has_come_is_tried_against_no_other_key_any_more_nor_after_an_edit()
    {
        const int consumers = 40;
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithOlderHashes(consumers));
        for (var consumer = 0; consumer < consumers; consumer++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, AccessSettings.Key + consumer));

        // Were the hashes tried again, these would be told to come back.
        await AllAreRefusedForGoodAsync(gateway, "first", 300);
        gateway.Edit(text => text.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("is in force", StringComparison.Ordinal)), "the edit is in force");
        await AllAreRefusedForGoodAsync(gateway, "then", 300);
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public async Task More_older_hashes_than_are_always_tried_are_warned_of(int older, int strictly)
    {
        var settings = AccessSettings.ApiKey(access: access => access["Consumers"]!["many"] = new JsonObject
        {
            ["Keys"] = AccessSettings.List([.. Enumerable.Range(0, older).Select(key => AccessSettings.OlderHash(AccessSettings.Key + key))]),
        });

        Assert.Equal(0, (await CheckAsync(settings)).Exit);
        var (exit, output) = await CheckAsync(settings, "--strict");
        Assert.Equal(strictly, exit);
        Assert.Equal(strictly == 1, output.Contains("17 keys have hashes of the older form", StringComparison.Ordinal));
    }

    [Fact]
    public void Trials_in_vain_are_bounded_and_come_back_with_time()
    {
        var older = new TrialBudget();
        var now = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.True(older.MayTry(1000, now));

        for (var wrong = 0; wrong < 6; wrong++)
            older.CountFailed(1000);

        Assert.False(older.MayTry(1000, now));
        Assert.True(older.MayTry(16, now));
        Assert.False(older.MayTry(1000, now.AddSeconds(2)));
        Assert.True(older.MayTry(1000, now.AddSeconds(3)));
    }

    /// <summary>That both are of one key cannot be seen in the file. Whose it is must not depend on which came first, or on a restart.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_an_older_and_a_newer_hash_of_one_key_the_newer_counts(bool olderIsLast)
    {
        var now = DateTimeOffset.UnixEpoch;
        var older = new OlderHashes();
        var former = new CallerKey(KeyHash.Parse(AccessSettings.OlderHash(AccessSettings.Key))!, null, CallerOf("former"));
        var latter = new CallerKey(KeyHash.Of(AccessSettings.Key), null, CallerOf("latter"));
        Assert.Equal("former", new KeyRing([former], older).Find(AccessSettings.Key, now)?.Name);

        var ring = new KeyRing(olderIsLast ? [latter, former] : [former, latter], older);

        Assert.Equal("latter", ring.Find(AccessSettings.Key, now)?.Name);
    }

    private static Caller CallerOf(string name) => new(name, CallerKind.ApiKey, rights: "", new Credential("cal_test_an_account"));

    /// <summary>The shipped consumer, and as many whose hashes are of the older form: those of <see cref="AccessSettings.Key"/> with their number.</summary>
    private static string WithOlderHashes(int consumers) => AccessSettings.ApiKey(access: access =>
    {
        for (var consumer = 0; consumer < consumers; consumer++)
            access["Consumers"]![$"c{consumer}"] = new JsonObject { ["Keys"] = AccessSettings.OlderHash(AccessSettings.Key + consumer) };
    });

    private static async Task AllAreRefusedForGoodAsync(GatewayFixture gateway, string which, int count)
    {
        using var caller = gateway.CreateClient();
        for (var wrong = 0; wrong < count; wrong++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/event-types");
            request.Headers.Add("X-Api-Key", $"{AccessSettings.OtherKey}{which}{wrong}");
            using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.Unauthorized, null), (answer.StatusCode, answer.Headers.RetryAfter));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(GatewayFixture gateway, string key)
    {
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<(int Exit, string Output)> CheckAsync(string settings, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "yarp.json"), settings, TestContext.Current.CancellationToken);
        await using var process = GatewayProcess.Start(["check", .. options], workingDirectory: folder.FullName);
        var exit = await process.ExitAsync();
        folder.Delete(recursive: true);
        return (exit, process.Output);
    }
}
