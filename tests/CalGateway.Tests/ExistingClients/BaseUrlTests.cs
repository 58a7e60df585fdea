using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.ExistingClients;

/// <summary>Clients whose base URL may have a path are pointed at /calcom or /calcom/v2, and need nothing else.</summary>
public sealed class BaseUrlTests
{
    [Theory]
    [InlineData("calcom")]
    [InlineData("calcom/")]
    public async Task Cal_coms_own_SDK_works_unchanged_and_its_token_stays_here(string path)
    {
        await using var pair = await Pair.StartAsync();

        var told = await NodeClient.RunAsync("calcom-sdk.mjs", pair.Gateway.Address + path);

        Assert.Equal("15 Min Meeting", (string?)told["eventType"]!["title"]);
        Assert.Equal("Working hours", (string?)told["schedule"]!["name"]);
        Assert.Equal(["2024-06-14"], pair.Sandbox.Requests.For("GET", "/v2/event-types/3928133").Single().Header("cal-api-version"));
        Assert.Equal(["2024-06-11"], pair.Sandbox.Requests.For("GET", "/v2/schedules/default").Single().Header("cal-api-version"));
        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Equal(["Bearer " + pair.Sandbox.ApiKey], asked.Header("authorization")));
    }

    [Fact]
    public async Task What_the_SDK_calls_at_an_older_version_works_as_shipped()
    {
        await using var pair = await Pair.StartAsync();
        var told = await NodeClient.RunAsync("calcom-sdk.mjs", pair.Gateway.Address + "calcom");

        Assert.NotEmpty(told["slots"]!["slots"]!.AsObject());
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Theory]
    [InlineData("calcom/v2", "/event-types")]
    [InlineData("calcom/v2/", "event-types")]
    [InlineData("calcom", "v2/event-types")]
    public async Task Axios_puts_base_URL_and_path_together_as_text(string basePath, string path)
    {
        await using var pair = await Pair.StartAsync();

        var told = await NodeClient.RunAsync("axios.mjs", pair.Gateway.Address + basePath, path);

        Assert.Equal(200, (int)told["status"]!);
        Assert.Equal(3, told["body"]!["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task HttpClient_keeps_the_path_of_a_base_address_that_ends_with_a_slash()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(pair.Gateway.Address, "calcom/v2/") };

        using var answer = await client.GetAsync("event-types", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("calcom/v2", "event-types", HttpStatusCode.BadGateway, "Ask for /calcom/v2/event-types.")] // the base address does not end with a slash
    [InlineData("calcom/v2/", "/v2/event-types", HttpStatusCode.NotFound, "Clients that keep only the host")] // the path begins with one
    [InlineData("calcom/v2/", "v2/event-types", HttpStatusCode.BadGateway, "Leave it out of the base URL.")]
    [InlineData("calcom/v2/", "calcom/v2/event-types", HttpStatusCode.BadGateway, "Leave it out of the base URL.")]
    public async Task A_base_address_that_does_not_fit_is_told_what_to_change(string basePath, string path, HttpStatusCode status, string remedy)
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(pair.Gateway.Address, basePath) };

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(remedy, (string?)(await answer.ReadProblemAsync())["remedy"], StringComparison.Ordinal);
    }
}
