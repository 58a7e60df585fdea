using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Access;

public sealed class ConsumerTests
{
    [Fact]
    public async Task A_key_opens_in_either_header_and_never_travels_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "Authorization", "Bearer " + AccessSettings.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "authorization", "bearer " + AccessSettings.Key)).Status);

        Assert.All(sandbox.Requests.All, request =>
        {
            Assert.Equal("Bearer " + sandbox.ApiKey, request.Header("Authorization").Single());
            Assert.DoesNotContain(request.Headers, header => header.Value.Contains("cgw_", StringComparison.Ordinal));
        });
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("cgw_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("X-Api-Key", AccessSettings.OtherKey)]
    [InlineData("X-Api-Key", "")]
    [InlineData("X-Api-Key", "short")]
    [InlineData("Authorization", "Bearer " + AccessSettings.OtherKey)]
    [InlineData("Authorization", "Basic d2Vic2l0ZTp4")]
    [InlineData("X_Api_Key", AccessSettings.Key)]
    [InlineData("Cookie", "X-Api-Key=" + AccessSettings.Key)]
    public async Task Nothing_else_opens_and_the_answer_says_how_to_ask(string header, string value)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        var answer = await AskAsync(gateway, header, value);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("unauthenticated", answer.Code);
        Assert.StartsWith("Bearer", answer.Challenge, StringComparison.Ordinal);
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task A_key_among_others_in_one_header_or_in_two_does_not_open()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        foreach (var headers in new[] { $"X-Api-Key: {AccessSettings.OtherKey}\r\nX-Api-Key: {AccessSettings.Key}", $"X-Api-Key: {AccessSettings.OtherKey},{AccessSettings.Key}" })
        {
            var answer = await RawConnection.AskAsync(gateway.Address,
                $"GET /calcom/v2/event-types HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_keys_open_at_once_and_an_expired_one_no_longer()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var settings = AccessSettings.ApiKey(consumer =>
        {
            consumer["Keys"] = AccessSettings.Consumer(AccessSettings.Key, AccessSettings.OtherKey)["Keys"]!.DeepClone();
            consumer["Keys"]![0]!["Expires"] = "2026-05-01T12:01:00Z";
        });
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings,
            adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey)).Status);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey)).Status);
    }

    [Fact]
    public async Task A_consumer_that_is_removed_is_refused_on_the_connection_that_it_has_open()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(
            access: access => access["Consumers"]!["another"] = AccessSettings.Consumer(AccessSettings.OtherKey)));
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(caller));

        gateway.Edit(text => text.Replace("\"website\"", "\"somebody-else\"", StringComparison.Ordinal)
            .Replace((string)JsonNode.Parse(text)!["CalGateway"]!["Access"]!["Consumers"]!["website"]!["Keys"]![0]!["Hash"]!,
                KeyHash.Of("another-key-that-nobody-has-0123456789").ToString(), StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await StatusAsync(caller) == HttpStatusCode.Unauthorized, "the removed consumer is refused", TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey)).Status);
    }

    [Fact]
    public async Task A_consumer_reaches_its_operations_only()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(consumer =>
        {
            consumer["Operations"] = AccessSettings.List("GET /v2/event-types");
            consumer["Allow"] = AccessSettings.List("GET /v2/oauth-clients");
        }));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key, "/calcom/v2/oauth-clients")).Status);
        Assert.Equal("forbidden", (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key, "/calcom/v2/me")).Code);
        Assert.Equal("forbidden", (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key, "/calcom/v2/not-yet-known")).Code);
        Assert.Equal(2, sandbox.Requests.Count);
    }

    [Fact]
    public async Task What_is_opened_to_one_consumer_stays_closed_to_another_with_the_same_operations()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(
            consumer => consumer["Allow"] = AccessSettings.List("GET /v2/oauth-clients"),
            access =>
            {
                access["Consumers"]!["a-first"] = AccessSettings.Consumer(AccessSettings.OtherKey);
                access["Consumers"]!["z-last"] = AccessSettings.Consumer(AccessSettings.OtherKey + "-of-the-last");
            }));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key, "/calcom/v2/oauth-clients")).Status);
        Assert.Equal("not-exposed", (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey, "/calcom/v2/oauth-clients")).Code);
        Assert.Equal("not-exposed", (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey + "-of-the-last", "/calcom/v2/oauth-clients")).Code);
    }

    [Fact]
    public async Task Consumers_of_the_same_account_with_other_rights_do_not_share_what_only_one_may_have()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: access =>
        {
            access["Consumers"]!["bookings-only"] = AccessSettings.Consumer(AccessSettings.OtherKey);
            access["Consumers"]!["bookings-only"]!["Operations"] = AccessSettings.List("GET /v2/bookings");
        }));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        Assert.Equal("forbidden", (await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey)).Code);
    }

    [Fact]
    public async Task Each_consumer_asks_its_own_Cal_com_account_and_keeps_its_own_answers()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox,
            settings: AccessSettings.ApiKey(access: access =>
            {
                access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "CALCOM_API_KEY_ACME" } };
                access["Consumers"]!["acme"] = AccessSettings.Consumer(AccessSettings.OtherKey);
                access["Consumers"]!["acme"]!["Credential"] = "acme";
            }),
            environment: new Dictionary<string, string?> { ["CALCOM_API_KEY_ACME"] = "cal_test_of_acme" });

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status);
        var acme = await AskAsync(gateway, "X-Api-Key", AccessSettings.OtherKey);

        Assert.Equal("credential-rejected", acme.Code); // The sandbox has one account; that it was asked with the other key is what counts.
        Assert.Equal(["Bearer " + sandbox.ApiKey, "Bearer cal_test_of_acme"], sandbox.Requests.All.SelectMany(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task An_accounts_key_file_is_read_again_when_it_changes()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "cal_test_old\n", TestContext.Current.CancellationToken);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(
            consumer => consumer["Credential"] = "acme",
            access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["File"] = file } }));
        Assert.Equal("credential-rejected", (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Code);

        await File.WriteAllTextAsync(file, sandbox.ApiKey, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (await AskAsync(gateway, "X-Api-Key", AccessSettings.Key)).Status == HttpStatusCode.OK, "the new key is in use");
        File.Delete(file);
    }

    [Fact]
    public void A_key_is_found_by_its_hash_alone()
    {
        var hash = KeyHash.Of(AccessSettings.Key).ToString();

        Assert.DoesNotContain(AccessSettings.Key, hash, StringComparison.Ordinal);
        Assert.NotEqual(hash, KeyHash.Of(AccessSettings.OtherKey).ToString());
        Assert.Equal(hash, KeyHash.Parse(hash)!.ToString());
        Assert.NotEqual(AccessSettings.OlderHash(AccessSettings.Key), AccessSettings.OlderHash(AccessSettings.Key));
        Assert.Null(KeyHash.Parse("sha256:c2FsdA"));
        Assert.Null(KeyHash.Parse("hmac-sha256::" + hash["sha256:".Length..]));
        Assert.Null(KeyHash.Parse(AccessSettings.Key));
        Assert.Null(KeyHash.Parse("hmac-sha256:c2FsdA:aGFzaA"));
    }

    private static async Task<(HttpStatusCode Status, string? Code, string? Challenge)> AskAsync(
        GatewayFixture gateway, string header, string value, string path = "/calcom/v2/event-types")
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return (answer.StatusCode, isProblem ? (string?)(await answer.ReadProblemAsync())["code"] : null, answer.Headers.WwwAuthenticate.ToString());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
