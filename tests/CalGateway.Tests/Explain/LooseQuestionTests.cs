using System.Text;
using CalGateway.Explain;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CalGateway.Tests.Explain;

/// <summary>A question may be put as people write paths; what is asked is told from it as the server would.</summary>
public sealed class LooseQuestionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("get", "/calcom/v2/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("Post", "bookings", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "https://api.cal.com/v2/bookings?take=1#x", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("GET", "v2/event-types/1/private-links", "private-links", "2024-04-15", "answers")]
    [InlineData("POST", "/calcom/v2/bookings/recurring", "older-bookings", "2024-06-14", "answers")]
    [InlineData("GET", "/calcom/v2/bookings/1/mark-no-show", "bookings", "2024-08-13", "unknown-endpoint")]
    [InlineData("GET", "/calcom/v2/event-typs", "rest", "2024-08-13", "unknown-endpoint")]
    [InlineData("GET", "/calcom/v1/event-types", "v1", null, "unknown")]
    [InlineData("GET", "/calcom/v2/%65vent-types/../slots", "slots", "2024-09-04", "answers")]
    [InlineData("GET", "/health", "rest", "2024-08-13", "answers")]
    [InlineData("HEAD", "/calcom/v2/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("HEAD", "/calcom/v2/event-typs", "rest", "2024-08-13", "unknown-endpoint")]
    [InlineData("OPTIONS", "/calcom/v2/event-types", "event-types", null, "204")]
    [InlineData("TRACE", "/calcom/v2/event-types", null, null, "invalid-request")]
    [InlineData("GET", "/calcom/v2/event-types%2F1", null, null, "invalid-request")]
    [InlineData("GET", "http://localhost:5080/calcom/V2/Bookings/", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "https://api.cal.com", "rest", "2024-08-13", "unknown-endpoint")]
    public async Task A_question_may_be_put_loosely(string method, string path, string? route, string? version, string expected)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var explained = await gateway.AskManagementAsync($"/explain?method={method}&path={Uri.EscapeDataString(path)}");

        Assert.Equal(route, (string?)explained["route"]);
        Assert.Equal(version, (string?)explained["apiVersion"]);
        Assert.Equal(expected, (string?)explained["expected"]);
        Assert.DoesNotContain(sandbox.ApiKey, explained.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(sandbox.Requests.All);
    }

    /// <summary>What the server makes of a target before routing sees it is not ours to ask for, so that it is told after it: the same for all of these.</summary>
    [Theory]
    [InlineData("/calcom/v2/a/../b")]
    [InlineData("/calcom/v2/a/./b/.")]
    [InlineData("/calcom/v2/a/b/..")]
    [InlineData("/calcom/../../../x")]
    [InlineData("/calcom/v2//a//../b")]
    [InlineData("/calcom/v2/%2e%2e/%2E/x")]
    [InlineData("/calcom/v2/%41%62%c3%bc")]
    [InlineData("/calcom/v2/%zz/%4/%")]
    [InlineData("/calcom/v2/%ff%fe")]
    [InlineData("/calcom/v2/%c0%ae%c0%ae/x")]
    [InlineData("/calcom/v2/%ed%a0%80")]
    [InlineData("/calcom/v2/a%252fb")]
    [InlineData("/calcom/v2/a%5cb")]
    [InlineData("/calcom/v2/...//.x/..y")]
    [InlineData("/calcom/v2/a;b=c,d&e=+f")]
    [InlineData("/calcom/v2/%20%3f%23")]
    [InlineData("/calcom/v2/x?y=../z")]
    public async Task A_path_is_read_as_the_server_reads_it(string target)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(context.Request.Path.Value!));
        await server.StartAsync(Cancellation);

        var raw = await RawConnection.AskAsync(new Uri(server.Urls.First()), $"GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        var read = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
        var asked = DescribedRequest.From("GET", target);

        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        if (read.StartsWith("/calcom", StringComparison.Ordinal))
            Assert.Equal(read, asked.Path);
        else
            Assert.EndsWith(read, asked.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_needs_no_key_and_ends_with_1_where_nothing_matches()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "yarp.json"), GatewayFixture.ShippedSettings.Replace("/calcom/{**rest}", "/calcom/v2/{**rest}", StringComparison.Ordinal), Cancellation);
        await using var known = GatewayProcess.Start(["explain", "get", "/calcom/v2/bookings"], workingDirectory: folder.FullName);
        await using var unknown = GatewayProcess.Start(["explain", "GET", "/calcom/v3/bookings"], workingDirectory: folder.FullName);

        Assert.Equal(0, await known.ExitAsync());
        Assert.Equal(1, await unknown.ExitAsync());
        Assert.Contains("version   2024-08-13", known.Output, StringComparison.Ordinal);
        Assert.Contains("No route matches", unknown.Output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
