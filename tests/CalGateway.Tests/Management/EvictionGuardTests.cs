using System.Net;
using CalGateway.Management.Page;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>Who may evict: whoever has a shell here, and our own page; no other page.</summary>
public sealed class EvictionGuardTests
{
    private const string Evict = "/cache/evict?tag=event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_line_needs_nothing()
    {
        await using var pair = await Pair.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await PostAsync(pair));
    }

    [Theory]
    [InlineData("Origin")]
    [InlineData("Referer")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Mode", "navigate")]
    public async Task A_browser_must_send_the_token_of_the_page(string header, string? value = null)
    {
        await using var pair = await Pair.StartAsync();
        var mark = (header, value ?? pair.Gateway.ManagementAddress.GetLeftPart(UriPartial.Authority));
        var token = await TokenAsync(pair.Gateway);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(pair, mark));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(pair, mark, (BrowserToken.Header, new string('0', token.Length))));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(pair, mark, (BrowserToken.Header, "")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(pair, mark, (BrowserToken.Header, token)));
    }

    [Fact]
    public async Task The_token_does_not_help_a_foreign_page_and_is_another_after_a_restart()
    {
        await using var pair = await Pair.StartAsync();
        await using var other = await GatewayFixture.StartAsync(pair.Sandbox);
        var token = await TokenAsync(pair.Gateway);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(pair, ("Origin", "https://elsewhere.example"), (BrowserToken.Header, token)));
        Assert.NotEqual(token, await TokenAsync(other));
    }

    private static async Task<string> TokenAsync(GatewayFixture gateway)
    {
        await using var stream = await EventStream.OpenAsync(gateway);
        return (await stream.NextAsync("token")).Data;
    }

    private static async Task<HttpStatusCode> PostAsync(Pair pair, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, Evict);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
