using System.Net;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Diagnosis;

/// <summary>HTTP/2 lets a server answer whole and then decline the rest of the request, which is no failure of anybody's (RFC 9113, section 8.1).</summary>
public sealed class EarlyAnswerTests
{
    private static readonly string OverHttp2 = GatewayFixture.ShippedSettings.Replace(
        "\"HttpRequest\": {", "\"HttpRequest\": { \"Version\": \"2\", \"VersionPolicy\": \"RequestVersionExact\",", StringComparison.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(413, "")]
    [InlineData(413, "too large")]
    [InlineData(204, "")]
    public async Task An_answer_that_comes_before_the_upload_ends_is_passed_on_and_is_no_problem(int status, string text)
    {
        await using var upstream = await AnsweringAsync(status, text);
        await using var gateway = await GatewayFixture.StartAsync(new Uri(upstream.Urls.Single()), settings: OverHttp2);
        using var meters = new MeterRecorder(gateway);
        using var caller = await RawConnection.OpenAsync(gateway.Address);

        await caller.SendAsync($"POST /calcom/v2/bookings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{new string(' ', 1000)}");
        var answer = await caller.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith(text, answer.TrimEnd('0', '\r', '\n'), StringComparison.Ordinal);
        Assert.DoesNotContain(meters.Names, name => name.StartsWith("calgateway.problems", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(413, "")]
    [InlineData(413, "too large")]
    [InlineData(204, "")]
    [InlineData(201, "done")]
    public async Task What_a_write_has_done_is_told_by_an_answer_that_comes_before_its_upload_ends(int status, string text)
    {
        await using var upstream = await AnsweringAsync(status, text);
        await using var gateway = await GatewayFixture.StartAsync(new Uri(upstream.Urls.Single()), settings: OverHttp2);
        using var reader = gateway.CreateClient();
        async Task<string> GetAsync() => (await reader.GetAsync("/calcom/v2/event-types", Cancellation)).Headers.GetValues("Cache-Status").Single();
        Assert.Equal("CalGateway; fwd=uri-miss; stored", await GetAsync());
        Assert.StartsWith("CalGateway; hit", await GetAsync(), StringComparison.Ordinal);

        using var caller = await RawConnection.OpenAsync(gateway.Address);
        await caller.SendAsync($"POST /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{new string(' ', 1000)}");
        Assert.StartsWith($"HTTP/1.1 {status} ", await caller.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.StartsWith(status < 400 ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; hit", await GetAsync(), StringComparison.Ordinal);
    }

    /// <summary>Reads nothing of what is sent, and has a list for who asks.</summary>
    private static async Task<WebApplication> AnsweringAsync(int status, string text)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
                return context.Response.WriteAsJsonAsync(new { status = "success", data = new[] { new { id = 1, lengthInMinutes = 30 } } });

            context.Response.StatusCode = status;
            return text.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(text);
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
