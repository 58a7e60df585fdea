using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

public sealed class TokenTests : IDisposable
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "calgateway";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _anothersKey = RSA.Create(2048);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-keys-");

    private string KeySetPath => Path.Combine(_folder.FullName, "keys.json");

    public TokenTests() => File.WriteAllText(KeySetPath, KeySet());

    [Fact]
    public async Task A_good_token_opens_and_one_that_names_a_consumer_has_its_rights()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(), "/calcom/v2/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(subject: "lists-only")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(gateway, Token(subject: "lists-only"), "/calcom/v2/me"));
        Assert.All(sandbox.Requests.All, request => Assert.Equal("Bearer " + sandbox.ApiKey, request.Header("Authorization").Single()));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expired_mis_signed_unsigned_and_foreign_tokens_do_not_open()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        var good = Token();
        var parts = good.Split('.');
        string[] bad =
        [
            Token(lifetime: TimeSpan.FromMinutes(-5)),
            Token(lifetime: null),
            Token(signer: _anothersKey),
            Token(audience: "another-service"),
            Token(issuer: "https://evil.example"),
            $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Encode("""{"alg":"None","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            SignedWithThePublicKeyAsSecret(),
            $"{parts[0]}.{Encode("""{"iss":"https://issuer.example","aud":"calgateway","exp":4102444800,"sub":"admin"}""")}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            "..", "a.b.c", good + "x",
        ];

        foreach (var token in bad)
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, null));
        Assert.Empty(sandbox.Requests.All);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(parts[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_issuer_cannot_be_reached_no_token_opens_andKeysFile_go_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.ApiKey(access: access =>
        {
            access["Jwt"] = new JsonObject { ["Authority"] = "http://127.0.0.1:9", ["Audience"] = Audience };
        }).Replace("\"OutputCachePolicy\":", "\"AuthorizationPolicy\":\"Known\",\"OutputCachePolicy\":", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, AccessSettings.Key));
        Assert.Contains(gateway.Logs.Lines, line => line.Text.Contains("does not give its keys", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("this is a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_may_ask_for_a_token_beside_others_that_ask_for_a_key()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.ApiKey(access: access => access["Jwt"] = Jwt())
            .Replace("\"OutputCachePolicy\":", "\"AuthorizationPolicy\":\"Jwt\",\"OutputCachePolicy\":", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, AccessSettings.Key));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, AccessSettings.Key, "/calcom/v2/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token(), "/calcom/v2/me"));
    }

    [Fact]
    public async Task An_audience_that_is_edited_counts_for_the_next_request()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));

        gateway.Edit(text => text.Replace($"\"{Audience}\"", "\"another-service\"", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(audience: "another-service")) == HttpStatusCode.OK, "the new audience is accepted");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
    }

    [Theory]
    [InlineData("in place")]
    [InlineData("in two halves")]
    [InlineData("renamed over")]
    [InlineData("deleted and made again")]
    [InlineData("swapped symlink")]
    public async Task A_key_that_is_taken_out_of_its_file_opens_nothing_any_more(string way)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token(signer: _anothersKey)));

        await SettingsWriter.WriteAsync(KeySetPath, KeySet(_anothersKey), way, async () => Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token())));

        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token()) == HttpStatusCode.Unauthorized, "the old key opens no more", TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(signer: _anothersKey)));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("this is a bug", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"keys\":[{\"kty\":")]
    [InlineData("no key set")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_bad_key_set_keeps_the_last_good_one_and_says_so_once(string? content)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        if (content is null)
            File.Delete(KeySetPath);
        else
            await File.WriteAllTextAsync(KeySetPath, content, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Refusals().Count() == 1, "the refusal is logged");

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        await File.WriteAllTextAsync(KeySetPath, KeySet(_anothersKey), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(signer: _anothersKey)) == HttpStatusCode.OK, "a good key set is taken again");
        Assert.Single(Refusals());

        IEnumerable<LogLine> Refusals() => gateway.Logs.Lines.Where(line => line.Text.Contains("was not replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_half_of_a_key_set_that_is_being_written_is_not_called_bad()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        for (int round = 0, late = 0; round < 4;)
        {
            await AskForAsync(round * 150); // of these pauses some last until shortly before the next look at the file
            var next = (round + late) % 2 == 0 ? _anothersKey : _key;
            var refused = Refusals();
            var begun = TimeProvider.System.GetTimestamp();
            await File.WriteAllTextAsync(KeySetPath, KeySet(next)[..50], TestContext.Current.CancellationToken);
            await AskForAsync(200); // a slow writer
            await File.AppendAllTextAsync(KeySetPath, KeySet(next)[50..], TestContext.Current.CancellationToken);
            var writing = TimeProvider.System.GetElapsedTime(begun);
            await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(next)) == HttpStatusCode.OK, "the new key set is in use");

            // A busy machine may have made the writer slower than any that the gateway waits for; such a round proves nothing.
            if (writing < TimeSpan.FromMilliseconds(400))
            {
                Assert.Equal(refused, Refusals());
                round++;
            }
            else
            {
                Assert.True(late++ < 10, "The writer was late in ten rounds.");
            }
        }

        int Refusals() => gateway.Logs.Lines.Count(line => line.Text.Contains("was not replaced", StringComparison.Ordinal));

        async Task AskForAsync(int milliseconds)
        {
            for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since).TotalMilliseconds < milliseconds;)
                await AskAsync(gateway, Token());
        }
    }

    [Fact]
    public async Task A_key_set_that_no_setting_names_any_more_may_be_deleted()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        var former = await RevisionAsync(gateway);
        var moved = KeySetPath + ".moved";
        File.Copy(KeySetPath, moved);
        gateway.Edit(text => text.Replace(KeySetPath, moved, StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await RevisionAsync(gateway) != former, "the edit is in force");

        File.Delete(KeySetPath);

        foreach (var signer in new[] { _anothersKey, _key }) // each takes the watcher longer than it would take to miss the other file
        {
            await File.WriteAllTextAsync(moved, KeySet(signer), TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(signer)) == HttpStatusCode.OK, "the key set of the new path is in use");
        }

        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("was not replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edit_elsewhere_takes_a_replaced_key_set_along()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        var former = await RevisionAsync(gateway);

        await File.WriteAllTextAsync(KeySetPath, KeySet(_anothersKey), TestContext.Current.CancellationToken);
        gateway.Edit(text => text.Replace("\"00:05:00\"", "\"00:04:00\"", StringComparison.Ordinal).Replace("\"Mode\":\"Jwt\"", "\"MaxBodyBytes\":2048,\"Mode\":\"Jwt\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await RevisionAsync(gateway) != former, "the edit is in force");

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(signer: _anothersKey)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
    }

    [Fact]
    public async Task A_token_in_the_header_that_is_the_gateways_own_opens_too_and_leaves_Authorization_alone()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", "of-another-service");

        foreach (var (token, status) in new[] { (Token(), HttpStatusCode.OK), ("Bearer " + Token(), HttpStatusCode.OK), (Token(signer: _anothersKey), HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/event-types");
            request.Headers.Add("CalGateway-Token", token);
            using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Jwt")]
    [InlineData("Anonymous")]
    public async Task A_token_that_was_made_out_to_the_gateway_is_401_where_Cal_coms_belongs_and_never_sent(string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.With(new JsonObject { ["Mode"] = mode, ["Jwt"] = Jwt(), ["RateLimit"] = new JsonObject { ["Requests"] = 1000 } })
            .Replace("{\"CalApiVersion\"", "{\"CalCredential\":\"Caller\"},{\"CalApiVersion\"", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("CalGateway-Token", Token());

        foreach (var token in new[] { Token(), Token(TimeSpan.FromMinutes(-5)), Token(signer: _anothersKey), Token(issuer: "https://evil.example") })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, token));

            // Known by the header of the gateway's own.
            caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Empty(sandbox.Requests.All);

        // Cal.com's look like ours, and what looks like a token only is for Cal.com to judge.
        foreach (var token in new[] { Token(issuer: "https://app.cal.example", audience: "cal.com"), "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJ.%7B.x".Replace("%", "", StringComparison.Ordinal) })
        {
            caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
            (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).Dispose();
            Assert.Equal("Bearer " + token, sandbox.Requests.All[^1].Header("Authorization").Single());
        }
    }

    private static async Task<string> RevisionAsync(GatewayFixture gateway)
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("CalGateway-Revision").Single();
    }

    public void Dispose()
    {
        _key.Dispose();
        _anothersKey.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Settings() => AccessSettings.With(new JsonObject
    {
        ["Mode"] = "Jwt",
        ["Jwt"] = Jwt(),
        ["Consumers"] = new JsonObject { ["lists-only"] = new JsonObject { ["Operations"] = AccessSettings.List("GET /v2/event-types") } },
    });

    private JsonObject Jwt() => new() { ["KeysFile"] = KeySetPath, ["Issuer"] = Issuer, ["Audience"] = Audience };

    private string KeySet() => KeySet(_key);

    private static string KeySet(RSA pair)
    {
        var key = pair.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "one", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString();
    }

    private string Token() => Token(TimeSpan.FromMinutes(5));

    private string Token(RSA signer) => Token(TimeSpan.FromMinutes(5), signer: signer);

    private string Token(string? subject = null, string? audience = null, string? issuer = null) =>
        Token(TimeSpan.FromMinutes(5), subject, audience, issuer);

    private string Token(TimeSpan? lifetime, string? subject = null, string? audience = null, string? issuer = null, RSA? signer = null)
    {
        var claims = new JsonObject { ["iss"] = issuer ?? Issuer, ["aud"] = audience ?? Audience, ["sub"] = subject ?? "somebody" };
        if (lifetime is { } left)
            claims["exp"] = TimeProvider.System.GetUtcNow().Add(left).ToUnixTimeSeconds();

        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"one"}""")}.{Encode(claims.ToJsonString())}";
        var signature = (signer ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The old confusion of a public key with a secret.</summary>
    private string SignedWithThePublicKeyAsSecret()
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT","kid":"one"}""")}.{Token().Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static async Task<HttpStatusCode> AskAsync(GatewayFixture gateway, string? bearer, string path = "/calcom/v2/event-types")
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
