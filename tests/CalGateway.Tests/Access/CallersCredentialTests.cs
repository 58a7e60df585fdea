using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Caching;
using CalGateway.Caching.Store;
using CalGateway.Journey.Callers;
using CalGateway.Tests.Caching.Sharing;
using CalGateway.Tests.Management;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Access;

/// <summary><c>{ "CalCredential": "Caller" }</c>: many users, each with a Cal.com token of its own.</summary>
public sealed class CallersCredentialTests
{
    private const string List = "/calcom/v2/event-types";
    private const string Me = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every shipped route, with callers' tokens.</summary>
    private static string Settings(string access = "") => GatewayFixture.ShippedSettings
        .Replace("{ \"PathRemovePrefix\": \"/calcom\" }, { \"CalApiVersion\"", "{ \"PathRemovePrefix\": \"/calcom\" }, { \"CalCredential\": \"Caller\" }, { \"CalApiVersion\"", StringComparison.Ordinal)
        .Replace("\"CalGateway\": {", $"\"CalGateway\": {{ {(access.Length > 0 ? $"\"Access\": {access}," : "")}", StringComparison.Ordinal);

    [Fact]
    public async Task A_callers_token_goes_to_Cal_com_and_nothing_of_the_gateways_does()
    {
        await using var scene = await Scene.OpenAsync(Settings());

        using var answer = await scene.GetAsync(Me, "Bearer users-own.token_1", ("X-Api-Key", "whatever"), ("CalGateway-Token", "whatever"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Bearer users-own.token_1", Assert.Single(scene.CalCom.Asked));
        Assert.Equal(["2024-08-13"], answer.Headers.GetValues("CalGateway-Api-Version"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization:")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer   ")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("Authorization: users-token")]
    [InlineData("Authorization: Bearer a b")]
    [InlineData("Authorization: Bearer a,b")]
    [InlineData("Authorization: Bearer a\u00c3\u00a9b")]
    [InlineData("Authorization: Bearer \"a\"")]
    [InlineData("Authorization: Bearer a\r\nAuthorization: Bearer b")]
    [InlineData("Authorization: Bearer a\r\nauthorization: Bearer a")]
    [InlineData("Authorization: Bearer cgw_0123456789abcdef")]
    [InlineData("Authorization: Bearer {16 KB}")]
    public async Task Without_one_token_it_is_401_and_nothing_is_sent(string header)
    {
        await using var scene = await Scene.OpenAsync(Settings());
        header = header.Replace("{16 KB}", new string('x', 16 * 1024), StringComparison.Ordinal);

        foreach (var path in new[] { List, Me })
        {
            var raw = await RawConnection.AskAsync(
                scene.Gateway.Address, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(header.Length > 0 ? header + "\r\n" : "")}Connection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 401", raw, StringComparison.Ordinal);
            Assert.Contains("\"unauthenticated\"", raw, StringComparison.Ordinal);
            Assert.Contains("WWW-Authenticate: Bearer", raw, StringComparison.Ordinal);
        }

        Assert.Empty(scene.CalCom.Asked);
    }

    [Fact]
    public async Task Two_users_interleaved_under_load_never_get_each_others_list_though_tokens_are_refused_and_rotated_between()
    {
        await using var scene = await Scene.OpenAsync(Settings());
        string[] tokens = ["user-a-1", "user-b-1", "user-a-2", "user-b-2"];

        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, cancellation) =>
        {
            var token = tokens[turn % tokens.Length];
            if (turn % 50 == 25)
                scene.CalCom.Refused[tokens[turn / 50 % tokens.Length]] = 401;
            if (turn % 50 == 40)
                scene.CalCom.Refused.Clear();

            using var answer = await scene.GetAsync(turn % 7 == 0 ? Me : List, "Bearer " + token);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized, text);
            Assert.All(tokens.Where(other => other != token), other => Assert.DoesNotContain(TitleOf(other), text, StringComparison.Ordinal));
            if (answer.StatusCode == HttpStatusCode.OK)
                Assert.Contains(TitleOf(token), text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(401)]
    [InlineData(498)]
    public async Task What_is_stored_for_a_token_is_dropped_when_Cal_com_refuses_it_and_nobody_elses_is(int status)
    {
        await using var scene = await Scene.OpenAsync(Settings());
        foreach (var token in new[] { "user-a", "user-b" })
        {
            using var stored = await scene.GetAsync(List, "Bearer " + token);
            using var hit = await scene.GetAsync(List, "Bearer " + token);
            Assert.StartsWith("CalGateway; hit", Assert.Single(hit.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        }

        scene.CalCom.Refused["user-a"] = status;
        using var refused = await scene.GetAsync(Me, "Bearer user-a"); // another route, which has no cache
        using var list = await scene.GetAsync(List, "Bearer user-a");
        using var others = await scene.GetAsync(List, "Bearer user-b");

        Assert.Equal((status, status), ((int)refused.StatusCode, (int)list.StatusCode));
        Assert.StartsWith("CalGateway; hit", Assert.Single(others.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_under_way_when_Cal_com_refused_its_token_is_not_stored()
    {
        await using var scene = await Scene.OpenAsync(Settings());
        var release = new TaskCompletionSource();
        scene.CalCom.Held["user-a"] = release.Task;
        var underWay = scene.GetAsync(List, "Bearer user-a");
        await Eventually.TrueAsync(() => scene.CalCom.Asked.Count == 1, "the list is asked for");

        scene.CalCom.Refused["user-a"] = 401;
        using var refused = await scene.GetAsync(Me, "Bearer user-a");
        release.SetResult();
        using var list = await underWay;
        using var next = await scene.GetAsync(List, "Bearer user-a");

        Assert.Equal((401, 200, 401), ((int)refused.StatusCode, (int)list.StatusCode, (int)next.StatusCode));
    }

    [Theory]
    [InlineData(401, "unauthenticated")]
    [InlineData(403, "forbidden")]
    [InlineData(498, "unauthenticated")]
    public async Task Cal_coms_refusal_of_a_callers_token_is_passed_on_as_a_problem_and_raises_no_alarm(int status, string code)
    {
        await using var scene = await Scene.OpenAsync(Settings());
        scene.CalCom.Refused["user-a"] = status;

        foreach (var path in new[] { Me, List })
        {
            using var answer = await scene.GetAsync(path, "Bearer user-a");
            var problem = await answer.ReadProblemAsync();
            Assert.Equal((status, code), ((int)answer.StatusCode, (string?)problem["code"]));
            Assert.Equal(status, (int)problem["upstream"]!["status"]!);
            Assert.Contains("the caller's own token", (string?)problem["detail"], StringComparison.Ordinal);
        }

        Assert.DoesNotContain(scene.Gateway.Logs.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Empty((await scene.Gateway.StatusAsync())["concerns"]!.AsArray());
    }

    [Fact]
    public async Task A_token_and_a_version_of_the_callers_own_have_a_list_of_their_own_until_the_token_is_refused()
    {
        await using var scene = await Scene.OpenAsync(Settings().ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", "\"CalApiVersion\": \"2024-06-14\", \"Caller\": \"Known\""));
        string[] versions = ["2024-06-14", "2024-06-11"];

        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var (token, version) in new[] { "user-a", "user-b" }.SelectMany(token => versions.Select(version => (token, version))))
            {
                using var answer = await scene.GetAsync(List, "Bearer " + token, ("cal-api-version", version));
                Assert.Contains(TitleOf(token), await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
                if (turn == 0)
                    Assert.Equal(version, answer.Headers.GetValues("CalGateway-Api-Version").Single());
                Assert.StartsWith(turn == 0 ? "CalGateway; fwd=uri-miss" : "CalGateway; hit", Assert.Single(answer.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
            }
        }

        scene.CalCom.Refused["user-a"] = 401;
        using var refused = await scene.GetAsync(Me, "Bearer user-a");
        foreach (var version in versions)
        {
            using var theirs = await scene.GetAsync(List, "Bearer user-a", ("cal-api-version", version));
            using var others = await scene.GetAsync(List, "Bearer user-b", ("cal-api-version", version));
            Assert.Equal(401, (int)theirs.StatusCode);
            Assert.StartsWith("CalGateway; hit", Assert.Single(others.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rotation_of_the_gateways_own_key_neither_reaches_Cal_com_nor_brings_back_what_a_refused_token_had()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, "cal_test_first", Cancellation);
        await using (var calCom = await ManyUsers.StartAsync())
        await using (var scene = new Scene(calCom, await GatewayFixture.StartAsync(
            calCom.Address, settings: Settings(), environment: new Dictionary<string, string?> { ["CALCOM_API_KEY"] = null, ["CALCOM_API_KEY_FILE"] = file })))
        {
            await ExpectAsync(scene, 200);
            await RotateAsync(scene, file, "cal_test_second");
            await ExpectAsync(scene, 200);
            calCom.Refused["user-a"] = 401;
            using (var refused = await scene.GetAsync(Me, "Bearer user-a"))
                Assert.Equal(401, (int)refused.StatusCode);

            await RotateAsync(scene, file, "cal_test_first");
            await ExpectAsync(scene, 401);
            Assert.All(calCom.Asked, sent => Assert.Equal("Bearer user-a", sent));
        }

        folder.Delete(recursive: true);
    }

    private static async Task ExpectAsync(Scene scene, int status)
    {
        using var list = await scene.GetAsync(List, "Bearer user-a");
        Assert.Equal(status, (int)list.StatusCode);
    }

    private static async Task RotateAsync(Scene scene, string file, string key)
    {
        int Taken() => scene.Gateway.Logs.Lines.Count(line => line.Text.StartsWith("The credential in", StringComparison.Ordinal));
        var before = Taken();
        await File.WriteAllTextAsync(file, key, Cancellation);
        await Eventually.TrueAsync(() => Taken() > before, "the key is in use");
    }

    [Fact]
    public async Task With_a_Redis_nothing_of_a_token_or_of_its_lists_gets_there()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var calCom = await ManyUsers.StartAsync();

        // The first of the shipped routes alone sends tokens on; the others' lists are shared as ever.
        await using var scene = new Scene(calCom, await GatewayFixture.StartAsync(
            calCom.Address, Scene.GatewaysKey, GatewayFixture.ShippedSettings.ReplaceFirst("{ \"CalApiVersion\"", "{ \"CalCredential\": \"Caller\" }, { \"CalApiVersion\""),
            SharedScene.At(redis.Address)));
        await SharedScene.UpAsync(scene.Gateway);

        for (var turn = 0; turn < 2; turn++)
        {
            foreach (var token in new[] { "user-a", "user-b" })
                (await scene.GetAsync(List, "Bearer " + token)).Dispose();
        }

        (await scene.GetAsync("/calcom/v2/teams/7/event-types", "")).Dispose();
        await Eventually.TrueAsync(async () => (await redis.ValuesAsync()).Count > 0, "the gateway's own list is shared");

        var (key, value) = Assert.Single(await redis.ValuesAsync());
        Assert.DoesNotContain("user-", key, StringComparison.Ordinal);
        Assert.DoesNotContain("-resu", System.Text.Encoding.Latin1.GetString(value), StringComparison.Ordinal);
        Assert.DoesNotContain(await redis.KeysAsync(), name => scene.Gateway.Services.GetRequiredService<AnswerTable>().All.Any(answer => answer.Owner is { } owner && name.Contains(owner, StringComparison.Ordinal)));
    }

    private const string Key = "cgw_a-key-that-opens-0123456789";

    private static string WithKeys => Settings($$"""{ "Mode": "ApiKey", "Consumers": { "app": { "Keys": [{ "Hash": "{{KeyHash.Of(Key)}}" }] } } }""");

    [Theory]
    [InlineData("X-Api-Key", Key, 200)]
    [InlineData("CalGateway-Token", Key, 200)]
    [InlineData("X-Api-Key", "wrong", 401)]
    [InlineData("CalGateway-Token", "wrong", 401)]
    [InlineData("X-Other", "x", 401)]
    public async Task The_gateways_own_keys_come_in_a_header_of_their_own(string header, string value, int status)
    {
        await using var scene = await Scene.OpenAsync(WithKeys);

        using var answer = await scene.GetAsync(Me, "Bearer user-a", (header, value));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? ["Bearer user-a"] : [], scene.CalCom.Asked);
    }

    [Fact]
    public async Task A_key_of_the_gateways_is_never_sent_to_Cal_com()
    {
        await using var scene = await Scene.OpenAsync(WithKeys);

        using var alone = await scene.GetAsync(Me, "Bearer " + Key);
        using var twice = await scene.GetAsync(Me, "Bearer " + Key, ("X-Api-Key", Key));

        Assert.Equal((401, 401), ((int)alone.StatusCode, (int)twice.StatusCode));
        Assert.Contains("X-Api-Key or CalGateway-Token", (string?)(await twice.ReadProblemAsync())["remedy"], StringComparison.Ordinal);
        Assert.Empty(scene.CalCom.Asked);
    }

    [Theory]
    [InlineData("caller")]
    [InlineData("CALLER")]
    public async Task The_word_is_taken_in_any_case(string word)
    {
        await using var scene = await Scene.OpenAsync(Settings().Replace("{ \"CalCredential\": \"Caller\" }", $"{{ \"calCredential\": \"{word}\" }}", StringComparison.Ordinal));

        using var answer = await scene.GetAsync(Me, "Bearer user-a");
        using var nobody = await scene.GetAsync(Me, "");

        Assert.Equal((200, 401), ((int)answer.StatusCode, (int)nobody.StatusCode));
        Assert.Equal(["Bearer user-a"], scene.CalCom.Asked);
    }

    [Fact]
    public async Task A_token_for_Cal_com_opens_no_other_route()
    {
        // The first of the shipped routes alone sends tokens on.
        var settings = GatewayFixture.ShippedSettings
            .ReplaceFirst("{ \"CalApiVersion\"", "{ \"CalCredential\": \"Caller\" }, { \"CalApiVersion\"")
            .Replace("\"CalGateway\": {", $$"""
                "CalGateway": { "Access": { "Mode": "ApiKey", "Consumers": { "app": { "Keys": [{ "Hash": "{{KeyHash.Of(Key)}}" }] } } },
                """, StringComparison.Ordinal);
        await using var scene = await Scene.OpenAsync(settings);

        using var token = await scene.GetAsync(Me, "Bearer user-a");
        using var key = await scene.GetAsync(Me, "Bearer " + Key);
        using var nowhere = await scene.GetAsync("/no-such-path", "Bearer user-a");

        Assert.Equal((401, 200), ((int)token.StatusCode, (int)key.StatusCode));
        Assert.NotEqual(200, (int)nowhere.StatusCode);
        Assert.Equal("Bearer " + Scene.GatewaysKey, Assert.Single(scene.CalCom.Asked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{ "Mode": "Anonymous", "RateLimit": { "Requests": 1000 } }""")]
    public async Task What_hands_out_or_ends_credentials_stays_shut_unless_it_is_allowed(string access)
    {
        await using (var shut = await Scene.OpenAsync(Settings(access)))
        {
            using var refused = await shut.SendAsync("POST", "/calcom/v2/api-keys/refresh", "Bearer user-a");
            Assert.Equal((403, "not-exposed"), ((int)refused.StatusCode, (string?)(await refused.ReadProblemAsync())["code"]));
            Assert.Empty(shut.CalCom.Asked);

            // What is the caller's own anyway is not shut, for strangers either.
            using var bookings = await shut.GetAsync("/calcom/v2/bookings", "Bearer user-a");
            Assert.Equal(200, (int)bookings.StatusCode);
        }

        var allowed = access.Length == 0 ? """{ "Allow": ["POST /v2/api-keys/refresh"] }""" : access.Replace("{ \"Mode\"", """{ "Allow": ["POST /v2/api-keys/refresh"], "Mode" """, StringComparison.Ordinal);
        await using var open = await Scene.OpenAsync(Settings(allowed));
        using var answer = await open.SendAsync("POST", "/calcom/v2/api-keys/refresh", "Bearer user-a");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_token_is_nowhere_in_logs_spans_metrics_problems_status_or_a_dump_of_the_store()
    {
        const string token = "eyJhbGciOi.users-secret-token_0123456789abcdef.c2ln";
        await using var scene = await Scene.OpenAsync(Settings());
        var seen = new List<string>();
        foreach (var status in new[] { 200, 200, 401, 403, 404, 500, 429 })
        {
            scene.CalCom.Refused[token] = status;
            foreach (var path in new[] { List, Me })
            {
                using var answer = await scene.GetAsync(path, "Bearer " + token);
                seen.Add(answer.Headers.ToString());
                seen.Add(await answer.Content.ReadAsStringAsync(Cancellation));
            }

            if (status == 200)
                seen.AddRange(scene.Gateway.Services.GetRequiredService<AnswerTable>().All.Select(answer => $"{answer.Key} {answer.Owner} {string.Join(' ', answer.Tags)}"));
        }

        using var operators = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        foreach (var page in new[] { "/status", "/config", "/metrics", "/explain?path=/calcom/v2/event-types&header=Authorization:%20Bearer%20" + token })
            seen.Add(await operators.GetStringAsync(page, Cancellation));
        seen.AddRange(scene.Gateway.Logs.Lines.Select(line => line.ToString()!));
        seen.AddRange(scene.Gateway.Spans.All.Select(span => $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"));

        Assert.Contains(seen, text => text.Contains("token ", StringComparison.Ordinal)); // the store's key has the hash
        Assert.All(seen, text => Assert.DoesNotContain("users-secret-token", text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task However_many_tokens_come_what_is_stored_is_bounded_and_a_users_list_is_still_there()
    {
        await using var scene = await Scene.OpenAsync(Settings().Replace("\"Cache\": {", "\"Cache\": { \"MaxEntries\": 200,", StringComparison.Ordinal));
        using var mine = await scene.GetAsync(List, "Bearer mine");

        await Parallel.ForAsync(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, _) =>
        {
            using var answer = await scene.GetAsync(List, $"Bearer user-{turn}");
            Assert.Equal(200, (int)answer.StatusCode);
            if (turn % 20 == 0)
                (await scene.GetAsync(List, "Bearer mine")).Dispose();
        });

        var report = scene.Gateway.Services.GetRequiredService<AnswerCache>().Report();
        Assert.InRange(report.Entries, 1, 200);
        using var still = await scene.GetAsync(List, "Bearer mine");
        Assert.StartsWith("CalGateway; hit", Assert.Single(still.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ClusterId\": \"calcom\",", "\"ClusterId\": \"other\",", "only ever sent to the cluster")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"CalCredential\": \"Caller\" }", "more than once")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Gateway\" }", "CalCredential")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"CalApiKeyQuery\": \"apiKey\" }", "CalApiKeyQuery")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"RequestHeader\": \"authorization\", \"Set\": \"Basic x\" }", "Authorization")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"RequestHeaderRemove\": \"Authorization\" }", "Authorization")]
    public void What_contradicts_it_is_refused(string from, string to, string why)
    {
        var settings = Settings().ReplaceFirst(from, to).Replace("\"Clusters\": {", "\"Clusters\": { \"other\": { \"Destinations\": { \"a\": { \"Address\": \"https://example.com\" } } },", StringComparison.Ordinal);

        var attempt = TestRevision.From(settings);

        Assert.Null(attempt.Revision);
        Assert.Contains(attempt.Errors, finding => finding.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Explain_and_status_say_whose_credential_a_route_sends()
    {
        await using var scene = await Scene.OpenAsync(Settings());

        var explained = await scene.Gateway.AskManagementAsync("/explain?path=" + List);
        var routes = (await scene.Gateway.StatusAsync())["routes"]!.AsArray();

        Assert.Equal("caller", (string?)explained["credential"]);
        Assert.Contains("Authorization: the caller's own token", explained["sends"]!.AsArray().Select(header => (string?)header));
        Assert.Contains("without one it is 401", explained["notes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("caller", (string?)routes.Single(route => (string?)route!["route"] == "event-types")!["credential"]);
        Assert.Equal("gateway", (string?)routes.Single(route => (string?)route!["route"] == "v1")!["credential"]);
        Assert.Empty(scene.CalCom.Asked);
    }

    private static string TitleOf(string token) => "list of " + string.Concat(token.Reverse());

    /// <summary>A Cal.com with many users: each token has its own list, until it is refused.</summary>
    private sealed class ManyUsers : IAsyncDisposable
    {
        private readonly WebApplication _server;

        private ManyUsers(WebApplication server) => _server = server;

        public ConcurrentQueue<string> Arrived { get; } = new();

        public IReadOnlyList<string> Asked => [.. Arrived];

        /// <summary>The status that a token is answered with.</summary>
        public ConcurrentDictionary<string, int> Refused { get; } = new();

        /// <summary>What the answer to a token's list waits for.</summary>
        public ConcurrentDictionary<string, Task> Held { get; } = new();

        public Uri Address => new(_server.Urls.First());

        public static async Task<ManyUsers> StartAsync()
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            var server = builder.Build();
            server.Urls.Add("http://127.0.0.1:0");
            var users = new ManyUsers(server);
            server.Run(users.AnswerAsync);
            await server.StartAsync(Cancellation);
            return users;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            Arrived.Enqueue(authorization);
            var token = authorization["Bearer ".Length..];
            var status = Refused.GetValueOrDefault(token, 200);
            if (context.Request.Path == "/v2/event-types" && Held.TryGetValue(token, out var held))
                await held.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = status;
            await (status == 200
                ? context.Response.WriteAsJsonAsync(new { status = "success", data = new[] { new { lengthInMinutes = 15, title = TitleOf(token) } } }, Cancellation)
                : context.Response.WriteAsJsonAsync(new { status = "error", error = new { code = "UnauthorizedException", message = $"ApiAuthStrategy - {token} is not valid" } }, Cancellation));
        }
    }

    private sealed class Scene(ManyUsers calCom, GatewayFixture gateway) : IAsyncDisposable
    {
        public const string GatewaysKey = "cal_test_the_gateways_own";

        private readonly HttpClient _caller = gateway.CreateClient();

        public ManyUsers CalCom => calCom;

        public GatewayFixture Gateway => gateway;

        public static async Task<Scene> OpenAsync(string settings)
        {
            var calCom = await ManyUsers.StartAsync();
            return new Scene(calCom, await GatewayFixture.StartAsync(calCom.Address, GatewaysKey, settings));
        }

        public Task<HttpResponseMessage> GetAsync(string path, string authorization, params (string Name, string Value)[] headers) => SendAsync("GET", path, authorization, headers);

        public Task<HttpResponseMessage> SendAsync(string method, string path, string authorization, params (string Name, string Value)[] headers)
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            return _caller.SendAsync(request, Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            _caller.Dispose();
            await gateway.DisposeAsync();
            await calCom.DisposeAsync();
        }
    }
}
