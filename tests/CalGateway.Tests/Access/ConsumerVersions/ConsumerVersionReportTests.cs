using System.Text.Json.Nodes;
using CalGateway.Explain;
using CalGateway.Sandbox;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.Doctor;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Access.ConsumerVersions;

/// <summary>Who is at which version, as <c>explain</c>, <c>check</c> and <c>doctor</c> tell it.</summary>
public sealed class ConsumerVersionReportTests
{
    private const string List = "/calcom/v2/event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_tells_who_gets_what_and_the_line_that_says_so()
    {
        await using var pair = await Pair.StartAsync(settings: Settings("2024-06-11"));

        var first = await ExplainAsync(pair, "&consumer=website");
        Assert.Equal(("consumer website", "2024-06-14", null), ((string?)first["caller"], (string?)first["apiVersion"], (string?)first["consumersVersion"]));
        Assert.Equal("2024-06-11", (string?)first["access"]!.AsArray().Single(who => (string?)who!["caller"] == "consumer desk")!["apiVersion"]);

        var desk = await ExplainAsync(pair, "&consumer=desk");
        Assert.Equal(("consumer desk", "2024-06-11", "desk"), ((string?)desk["caller"], (string?)desk["apiVersion"], (string?)desk["consumersVersion"]));
        Assert.Equal("older-shape", (string?)desk["expected"]);
        Assert.StartsWith("yarp.json:", (string?)desk["pinnedAt"], StringComparison.Ordinal);
        Assert.Contains("@2024-06-11 ", (string?)desk["cache"]!["key"], StringComparison.Ordinal);
        Assert.StartsWith("desk has this version of its own for the route.", (string?)desk["because"], StringComparison.Ordinal);

        var byKey = await ExplainAsync(pair, $"&header=X-Api-Key:%20{AccessSettings.OtherKey}");
        Assert.Equal("2024-06-11", (string?)byKey["apiVersion"]);
        Assert.DoesNotContain(AccessSettings.OtherKey, byKey.ToJsonString(), StringComparison.Ordinal);

        using var operators = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        using var unknown = await operators.GetAsync($"/explain?path={List}&consumer=dsek", Cancellation);
        Assert.Equal((400, "There is no consumer \"dsek\" under CalGateway:Access:Consumers.\n"), ((int)unknown.StatusCode, await unknown.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Explain_foresees_a_miss_at_a_consumers_version_with_the_remedy_that_the_problem_then_has()
    {
        await using var pair = await Pair.StartAsync(settings: Settings("2024-08-13"));
        var told = await pair.Gateway.Services.GetRequiredService<Explainer>().ExplainAsync(DescribedRequest.From("GET", List) with { Consumer = "DESK" });

        using var answer = await pair.GetAsync(List, ("X-Api-Key", AccessSettings.OtherKey));
        var problem = await answer.ReadProblemAsync();
        Assert.Equal((told.Expected, told.Remedy), ((string?)problem["code"], (string?)problem["remedy"]));
        Assert.Contains("CalGateway:Access:Consumers:desk:Versions:event-types", told.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_takes_a_consumer_and_says_where_there_is_none()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "yarp.json"), Settings("2024-06-11"), Cancellation);
        await using var asked = GatewayProcess.Start(["explain", "GET", List, "--consumer", "desk"], workingDirectory: folder.FullName);
        await using var wrong = GatewayProcess.Start(["explain", "GET", List, "--consumer", "nobody"], workingDirectory: folder.FullName);

        Assert.Equal((0, 1), (await asked.ExitAsync(), await wrong.ExitAsync()));
        Assert.Contains("version   2024-06-11, desk's own, at yarp.json:", asked.Output, StringComparison.Ordinal);
        Assert.Contains("told for  consumer desk", asked.Output, StringComparison.Ordinal);
        Assert.Contains("access    consumer desk: may, at 2024-06-11", asked.Output, StringComparison.Ordinal);
        Assert.Contains("There is no consumer \"nobody\"", wrong.Errors, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Check_notes_who_gets_another_version()
    {
        var (exit, output, _) = await CheckTests.CheckAsync(Settings("2024-06-11"), "--strict");

        Assert.Equal(0, exit);
        Assert.Contains("note: Route \"event-types\" is asked at 2024-06-11, in place of 2024-06-14, for desk.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-06-11", "event-types for desk: pinned 2024-06-11, the older shape.", "set the consumer's version of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2024-08-13", "event-types for desk: pinned 2024-08-13, where Cal.com has no such route (404).", "set the consumer's version of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2031-01-01", "event-types for desk: pinned 2031-01-01, which this Cal.com does not know: it answers in its oldest shape.", "set the consumer's version of route")]
    [InlineData("2024-06-14", "event-types for desk: pinned 2024-06-14 ✓", null)]
    public async Task Doctor_asks_at_consumers_versions_too(string version, string told, string? remedy)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox, Settings(version));

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Contains(told, checks["Versions"]["details"]!.AsArray().Select(line => (string?)line));
        if (remedy is null)
            Assert.Equal("good", (string?)checks["Versions"]["verdict"]);
        else
            Assert.Contains(remedy, (string?)checks["Versions"]["remedy"], StringComparison.Ordinal);
        var (_, shared) = await installation.RunAsync(share: true);
        Assert.DoesNotContain("desk", shared, StringComparison.Ordinal);
    }

    private static string Settings(string version) => AccessSettings.ApiKey(access: section =>
    {
        section["Consumers"]!["desk"] = AccessSettings.Consumer(AccessSettings.OtherKey);
        section["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = version };
    });

    private static async Task<JsonNode> ExplainAsync(Pair pair, string rest) => await pair.Gateway.AskManagementAsync($"/explain?method=GET&path={List}{rest}");
}
