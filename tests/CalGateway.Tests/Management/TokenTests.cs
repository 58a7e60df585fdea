using System.Net;
using System.Net.Http.Headers;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Management;

/// <summary>Where other machines can reach the operators' listener, it answers those who have the token.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Token = "the-operators-token-4711";
    private const string Next = "the-operators-next-token";
    private const string Exposed = "http://0.0.0.0:0";

    private static readonly string[] Everything = ["/", "/status", "/config", "/explain?path=/calcom/v2/me", "/metrics", "/events", "/page/page.js", "/nowhere"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-token-");

    private string TokenPath => Path.Combine(_folder.FullName, "token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_but_health_answers_without_the_token_and_everything_with_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token + "\n", Cancellation);
        await using var gateway = await StartAsync(sandbox);
        using var client = ClientOf(gateway);

        foreach (var path in Everything)
        {
            using var refused = await client.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, refused.StatusCode));
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            if (path != "/events")
                Assert.Equal(path == "/nowhere" ? 404 : 200, await AskAsync(client, path, $"Bearer {Token}"));
        }

        using var eviction = await client.PostAsync("/cache/evict?tag=event-types", null, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, eviction.StatusCode);
        Assert.Equal((200, 200), (await AskAsync(client, "/healthz/live", null), await AskAsync(client, "/healthz/ready", null)));
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer the-operators-token-4712")]
    [InlineData("Bearer the-operators-token-471")]
    [InlineData("Bearer the-operators-token-47110")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic the-operators-token-4711")]
    [InlineData("the-operators-token-4711")]
    [InlineData("Bearer THE-OPERATORS-TOKEN-4711")]
    public async Task A_wrong_token_is_none(string authorization)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token, Cancellation);
        await using var gateway = await StartAsync(sandbox);
        using var client = ClientOf(gateway);

        Assert.Equal(401, await AskAsync(client, "/status", authorization));
        Assert.Equal(200, await AskAsync(client, "/status", $"bearer {Token}"));
    }

    [Theory]
    [InlineData("/status?token=the-operators-token-4711")]
    [InlineData("/status?access_token=the-operators-token-4711")]
    [InlineData("/status?Authorization=Bearer%20the-operators-token-4711")]
    public async Task A_token_in_the_address_is_none_and_nothing_shows_the_token(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token, Cancellation);
        await using var gateway = await StartAsync(sandbox);
        using var client = ClientOf(gateway);

        Assert.Equal(401, await AskAsync(client, path, null));

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var said = await client.GetStringAsync("/status", Cancellation) + await client.GetStringAsync("/config", Cancellation)
            + await client.GetStringAsync("/metrics", Cancellation) + string.Join('\n', gateway.Logs.Lines.Select(line => line.Text));
        Assert.DoesNotContain(Token, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_token_takes_the_place_of_the_old_one_and_a_bad_file_of_none()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token, Cancellation);
        await using var gateway = await StartAsync(sandbox);
        using var client = ClientOf(gateway);

        foreach (var bad in new[] { "", "two words", "one\ntwo", new string('x', 5000) })
        {
            await File.WriteAllTextAsync(TokenPath, bad, Cancellation);
            await Eventually.TrueAsync(() => RefusalsOf(gateway) > 0, "the bad file is told");
            Assert.Equal(200, await AskAsync(client, "/status", $"Bearer {Token}"));
            Assert.Equal(401, await AskAsync(client, "/status", "Bearer "));
        }

        File.Delete(TokenPath);
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("a file that is not there", StringComparison.Ordinal)), "the missing file is told");
        Assert.Equal(200, await AskAsync(client, "/status", $"Bearer {Token}"));

        var prepared = TokenPath + ".new";
        await File.WriteAllTextAsync(prepared, Next, Cancellation);
        File.Move(prepared, TokenPath, overwrite: true);
        await Eventually.TrueAsync(async () => await AskAsync(client, "/status", $"Bearer {Next}") == 200, "the next token is in use");
        Assert.Equal(401, await AskAsync(client, "/status", $"Bearer {Token}"));
    }

    [Fact]
    public async Task An_edit_that_names_another_file_is_in_force_and_one_that_names_none_is_refused_until_the_file_comes()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token, Cancellation);
        await File.WriteAllTextAsync(TokenPath + "2", Next, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: Settings(TokenPath), environment: new Dictionary<string, string?> { ["CalGateway__Management__Url"] = Exposed });
        using var client = ClientOf(gateway);
        Assert.Equal(200, await AskAsync(client, "/status", $"Bearer {Token}"));

        gateway.Edit(_ => Settings(TokenPath + "2"));
        await Eventually.TrueAsync(async () => await AskAsync(client, "/status", $"Bearer {Next}") == 200, "the other file counts");
        Assert.Equal(401, await AskAsync(client, "/status", $"Bearer {Token}"));

        gateway.Edit(_ => Settings(TokenPath + "3"));
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), "the edit is refused");
        Assert.Equal(200, await AskAsync(client, "/status", $"Bearer {Next}"));

        await File.WriteAllTextAsync(TokenPath + "3", Token, Cancellation);
        await Eventually.TrueAsync(async () => await AskAsync(client, "/status", $"Bearer {Token}") == 200, "the file that came counts");
        Assert.Equal(401, await AskAsync(client, "/status", $"Bearer {Next}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_named_again_after_another_or_none_is_read_anew(bool isAfterAnother)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(TokenPath, Token, Cancellation);
        await File.WriteAllTextAsync(TokenPath + "2", Next, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: Settings(TokenPath), environment: new Dictionary<string, string?> { ["CalGateway__Management__Url"] = Exposed });
        using var client = ClientOf(gateway);
        gateway.Edit(_ => Settings(isAfterAnother ? TokenPath + "2" : ""));
        await Eventually.TrueAsync(async () => await AskAsync(client, "/status", $"Bearer {Token}") == 401, "the file does not count");

        File.Delete(TokenPath);
        gateway.Edit(_ => Settings(TokenPath));

        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), "the edit is refused");
        Assert.Equal((isAfterAnother ? 200 : 401, 401), (await AskAsync(client, "/status", $"Bearer {Next}"), await AskAsync(client, "/status", $"Bearer {Token}")));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    public async Task Without_one_it_answers_nothing_but_health_and_warns(string url)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Management__Url"] = url });
        using var client = ClientOf(gateway);

        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.Contains("which other machines can reach", StringComparison.Ordinal)), "the log warns");
        Assert.Equal((401, 401), (await AskAsync(client, "/status", null), await AskAsync(client, "/metrics", "Bearer ")));
        Assert.Equal(200, await AskAsync(client, "/healthz/ready", null));
    }

    [Theory]
    [InlineData(null, "names a file that is not there. It is the path of a file that holds the token, not the token.")]
    [InlineData("", "names a file that is empty, or no ordinary file.")]
    [InlineData("\n", "names a file that is empty, or no ordinary file.")]
    [InlineData("Bearer abc", "names a file that holds something else than a token")]
    [InlineData("gehe\u00efm", "names a file that holds something else than a token")]
    public async Task A_start_without_a_usable_token_is_refused(string? content, string reason)
    {
        if (content is not null)
            await File.WriteAllTextAsync(TokenPath, content, Cancellation);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);

        var failure = await Assert.ThrowsAsync<StartupException>(() => StartAsync(sandbox));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenPath, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_needs_no_token_file_and_warns_where_none_is_named()
    {
        var variables = new Dictionary<string, string> { ["CalGateway__Management__Url"] = "http://*:5081" };
        await using var without = GatewayProcess.Start(["check", "--strict"], variables);
        await using var with = GatewayProcess.Start(
            ["check", "--strict"], new Dictionary<string, string>(variables) { ["CalGateway__Management__Token"] = "/run/secrets/absent", ["CalGateway__Metrics__Url"] = "http://*:9464" });

        Assert.Equal((1, 0), (await without.ExitAsync(), await with.ExitAsync()));
        Assert.Contains("warning: CalGateway:Management:Url is http://*:5081, which other machines can reach", without.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CalGateway__Metrics__Url", "http://127.0.0.1:5081", "CalGateway:Metrics:Url is http://127.0.0.1:5081, and CalGateway:Management:Url is http://localhost:5081")]
    [InlineData("CalGateway__Metrics__Url", "http://*:5080", "CalGateway:Metrics:Url is http://*:5080, and callers are served on http://localhost:5080")]
    [InlineData("CalGateway__Metrics__Url", "https://*:9464", "CalGateway__Metrics__Url is refused")]
    public async Task Listeners_that_meet_are_told(string name, string value, string told)
    {
        await using var check = GatewayProcess.Start(["check"], new Dictionary<string, string> { [name] = value });

        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains(told, check.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<GatewayFixture> StartAsync(SandboxHost sandbox) => GatewayFixture.StartAsync(
        sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Management__Url"] = Exposed, ["CalGateway__Management__Token"] = TokenPath });

    private static string Settings(string token) => GatewayFixture.ShippedSettings.Replace(
        "\"CalGateway\": {", $"\"CalGateway\": {{ \"Management\": {{ \"Token\": \"{token}\" }},", StringComparison.Ordinal);

    private static HttpClient ClientOf(GatewayFixture gateway) => new() { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ManagementAddress.Port}") };

    private static int RefusalsOf(GatewayFixture gateway) =>
        gateway.Logs.Lines.Count(line => line.Level == LogLevel.Error && line.Text.StartsWith("The management token was not replaced", StringComparison.Ordinal));

    private static async Task<int> AskAsync(HttpClient client, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return (int)answer.StatusCode;
    }
}
