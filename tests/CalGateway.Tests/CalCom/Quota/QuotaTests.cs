using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.Management;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>The gateway in front of a sandbox that enforces Cal.com's limit: one request too many would shut the key out.</summary>
public sealed class QuotaTests
{
    private const string Me = "/calcom/v2/me";
    private const string Event = """{ "title": "A", "slug": "…", "lengthInMinutes": 30 }""";
    private const string Code = "/calcom/v2/verified-resources/emails/verification-code/request";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_hundred_at_once_get_what_there_is_and_no_429_is_caused()
    {
        await using var pair = await StartAsync(120, TimeSpan.FromSeconds(60));

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => AskAsync(pair, Me)));

        var answered = answers.Count(answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(108, answered);
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.All(refused, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted"), (answer.Status, answer.Code)));
        Assert.All(refused, answer => Assert.InRange(answer.RetryAfter, 1, 61));
        Assert.Equal([(answered, 0)], pair.Sandbox.RateLimitWindows);

        // The last tenth is kept for writes.
        var writes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => AskAsync(pair, "/calcom/v2/event-types", "POST", Event.Replace("…", $"a-{number}", StringComparison.Ordinal))));
        var written = writes.Count(answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(12, written);
        Assert.Equal([(answered + written, 0)], pair.Sandbox.RateLimitWindows);
    }

    [Fact]
    public async Task A_key_with_another_limit_is_followed_within_one_answer()
    {
        await using var pair = await StartAsync(30, TimeSpan.FromSeconds(60));

        Assert.Equal(27, await CountAsync(pair, 40));
        Assert.Equal([(27, 0)], pair.Sandbox.RateLimitWindows);
    }

    [Fact]
    public async Task Somebody_else_who_uses_the_key_is_followed_too()
    {
        await using var pair = await StartAsync(40, TimeSpan.FromSeconds(60));
        using var other = new HttpClient { BaseAddress = pair.Sandbox.BaseAddress };
        other.DefaultRequestHeaders.Add("Authorization", $"Bearer {pair.Sandbox.ApiKey}");
        for (var i = 0; i < 25; i++)
            (await other.GetAsync("/v2/me", Cancellation)).Dispose();

        Assert.InRange(await CountAsync(pair, 30), 10, 11);
        Assert.All(pair.Sandbox.RateLimitWindows, window => Assert.InRange(window.Passed, 35, 36));
    }

    [Fact]
    public async Task Who_finds_nothing_left_shortly_before_the_window_ends_waits_for_the_next()
    {
        await using var pair = await StartAsync(10, TimeSpan.FromSeconds(3), wait: "00:00:10");
        using var meters = new MeterRecorder(pair.Gateway);
        await CountAsync(pair, 9);

        var waiting = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => AskAsync(pair, Me)));

        Assert.All(waiting, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(9, meters.Sum("calgateway.upstream.quota.waited class=read,consumer=none"));
        Assert.All(pair.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
    }

    [Fact]
    public async Task A_caller_that_hangs_up_while_it_waits_leaves_its_place_and_nothing_is_sent()
    {
        await using var pair = await StartAsync(10, TimeSpan.FromSeconds(4), wait: "00:00:10");
        await CountAsync(pair, 9);
        var asked = pair.Sandbox.Requests.Count;
        using var patience = new CancellationTokenSource();

        var waiting = Enumerable.Range(0, 5).Select(_ => pair.Caller.GetAsync(Me, patience.Token)).ToList();
        await pair.Gateway.StatusWhenAsync(status => (int?)status["upstream"]!["quota"]?["consumers"]?[0]?["waiting"] == 5, "five wait");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));

        await pair.Gateway.StatusWhenAsync(status => (int?)status["upstream"]!["quota"]?["consumers"]?[0]?["waiting"] is null or 0, "nobody waits");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(pair, Me)).Status);
        Assert.Equal(asked + 1, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task An_edit_does_not_begin_a_window_anew_and_one_switch_turns_all_off()
    {
        await using var pair = await StartAsync(20, TimeSpan.FromSeconds(60));
        Assert.Equal(18, await CountAsync(pair, 20));

        Edit(pair, new JsonObject { ["KeptForWrites"] = 0.05 });
        await Eventually.TrueAsync(async () => (await AskAsync(pair, Me)).Status == HttpStatusCode.OK, "one more read may pass");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(pair, Me)).Status);
        Assert.Equal([(19, 0)], pair.Sandbox.RateLimitWindows);

        Edit(pair, new JsonObject { ["Enabled"] = false });
        await Eventually.TrueAsync(async () => (await AskAsync(pair, Me)).Status == HttpStatusCode.TooManyRequests, "Cal.com's own refusal is passed on");
    }

    [Fact]
    public async Task A_limit_of_one_operation_stays_its_own()
    {
        await using var pair = await StartAsync(120, TimeSpan.FromSeconds(60));

        var answers = new List<Told>();
        for (var i = 0; i < 6; i++)
            answers.Add(await AskAsync(pair, Code, "POST", """{ "email": "a@example.com" }"""));

        Assert.Equal([200, 200, 200, 200, 200, 429], answers.Select(answer => (int)answer.Status));
        Assert.InRange(answers[^1].RetryAfter, 50, 60);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(pair, Me)).Status);
    }

    [Fact]
    public async Task Two_names_in_the_settings_for_one_key_share_its_quota()
    {
        await using var pair = await StartAsync(20, TimeSpan.FromSeconds(60), settings: AccessSettings.With(new JsonObject
        {
            ["Mode"] = "ApiKey",
            ["Consumers"] = new JsonObject { ["one"] = AccessSettings.Consumer(AccessSettings.Key), ["two"] = Another() },
            ["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "ACME_KEY" } },
        }));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(pair, Me, key: AccessSettings.Key)).Status); // the limit is known from here on
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => AskAsync(pair, Me, key: number % 2 == 0 ? AccessSettings.Key : AccessSettings.OtherKey)));

        Assert.Equal(17, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal([(18, 0)], pair.Sandbox.RateLimitWindows);

        static JsonObject Another()
        {
            var consumer = AccessSettings.Consumer(AccessSettings.OtherKey);
            consumer["Credential"] = "acme";
            return consumer;
        }
    }

    /// <summary>Cal.com may count two keys as one account. Each then looks like a foreign user to the other.</summary>
    [Fact]
    public async Task Two_keys_that_are_one_account_are_not_shut_out_by_each_other()
    {
        const int limit = 40;
        var counted = 0;
        await using var upstream = ScriptedUpstream.Start(exchange =>
        {
            var number = Interlocked.Increment(ref counted);
            return exchange.SendAsync(
                $"HTTP/1.1 {(number <= limit ? "200 OK" : "429 Too Many Requests")}\r\nContent-Type: application/json\r\nX-RateLimit-Limit-Default: {limit}\r\n" +
                $"X-RateLimit-Remaining-Default: {Math.Max(0, limit - number)}\r\nX-RateLimit-Reset-Default: 60\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
        });
        var second = AccessSettings.Consumer(AccessSettings.OtherKey);
        second["Credential"] = "acme";
        await using var gateway = await GatewayFixture.StartAsync(
            upstream.Address, environment: new Dictionary<string, string?> { ["ACME_KEY"] = "cal_test_another_key_of_the_same_account" }, settings: AccessSettings.With(new JsonObject
            {
                ["Mode"] = "ApiKey",
                ["Consumers"] = new JsonObject { ["one"] = AccessSettings.Consumer(AccessSettings.Key), ["two"] = second },
                ["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "ACME_KEY" } },
            }));
        using var caller = gateway.CreateClient();

        var answered = 0;
        for (var i = 0; i < 80; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Me);
            request.Headers.Add("X-Api-Key", i % 2 == 0 ? AccessSettings.Key : AccessSettings.OtherKey);
            using var answer = await caller.SendAsync(request, Cancellation);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            answered += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.InRange(answered, 25, limit);
        Assert.Equal(answered, counted);
    }

    [Fact]
    public async Task No_consumer_takes_what_another_was_to_get()
    {
        await using var pair = await StartAsync(120, TimeSpan.FromSeconds(60), settings: AccessSettings.With(new JsonObject
        {
            ["Mode"] = "ApiKey",
            ["Consumers"] = new JsonObject { ["modest"] = AccessSettings.Consumer(AccessSettings.Key), ["greedy"] = AccessSettings.Consumer(AccessSettings.OtherKey) },
        }));
        using var meters = new MeterRecorder(pair.Gateway);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(pair, Me, key: AccessSettings.Key)).Status);

        var greedy = await Task.WhenAll(Enumerable.Range(0, 180).Select(_ => AskAsync(pair, Me, key: AccessSettings.OtherKey)));
        var modest = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync(pair, Me, key: AccessSettings.Key)));

        Assert.All(modest, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.InRange(greedy.Count(answer => answer.Status == HttpStatusCode.OK), 48, 60);
        Assert.Equal(greedy.Count(answer => answer.Status != HttpStatusCode.OK), meters.Sum("calgateway.upstream.quota.refused class=read,consumer=greedy"));
        Assert.All(pair.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
        var told = await pair.Gateway.StatusAsync();
        Assert.Equal(41, (int)told["upstream"]!["quota"]!["consumers"]!.AsArray().Single(use => (string?)use!["consumer"] == "modest")!["used"]!);
    }

    [Fact]
    public async Task A_known_caller_is_told_what_it_has_and_a_stranger_is_not()
    {
        await using var pair = await StartAsync(120, TimeSpan.FromSeconds(60), settings: AccessSettings.ApiKey());
        await AskAsync(pair, Me, key: AccessSettings.Key);

        using var told = await pair.GetAsync(Me, ("X-Api-Key", AccessSettings.Key));
        using var stranger = await pair.GetAsync(Me);

        Assert.Equal("\"calcom\";q=120;w=60", told.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Matches("^\"calcom\";r=106;t=(60|5[0-9])$", told.Headers.GetValues("RateLimit").Single());
        Assert.False(stranger.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task Explain_tells_what_a_request_would_find()
    {
        await using var pair = await StartAsync(120, TimeSpan.FromSeconds(60));
        await CountAsync(pair, 3);

        using var operators = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        var explained = JsonNode.Parse(await operators.GetStringAsync("/explain?path=/calcom/v2/me", Cancellation))!;

        Assert.Matches("^class read, 117 of 120 left, resets in (60|5[0-9]) s$", (string?)explained["quota"]);
    }

    private static async Task<Pair> StartAsync(int limit, TimeSpan window, string? wait = null, string? settings = null) => await Pair.StartAsync(
        new SandboxOptions { RateLimit = true, RateLimitRequests = limit, RateLimitWindow = window }, settings: settings,
        environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Quota__Wait"] = wait, ["ACME_KEY"] = new SandboxOptions().ApiKey }
            .Where(variable => variable.Value is not null).ToDictionary());

    private static void Edit(Pair pair, JsonObject quota) => pair.Gateway.Edit(text =>
    {
        var settings = JsonNode.Parse(text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        settings["CalGateway"]!["Upstream"] = new JsonObject { ["Quota"] = quota };
        return settings.ToJsonString();
    });

    /// <summary>One after the other: how many are answered.</summary>
    private static async Task<int> CountAsync(Pair pair, int requests)
    {
        var answered = 0;
        for (var i = 0; i < requests; i++)
            answered += (await AskAsync(pair, Me)).Status == HttpStatusCode.OK ? 1 : 0;
        return answered;
    }

    private static async Task<Told> AskAsync(Pair pair, string path, string method = "GET", string? json = null, string? key = null)
    {
        using var answer = await pair.SendAsync(method, path, json, key is null ? [] : [("X-Api-Key", key)]);
        var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation)) : null;
        return new Told(answer.StatusCode, (string?)problem?["code"], (int)(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0));
    }

    private sealed record Told(HttpStatusCode Status, string? Code, int RetryAfter);
}
