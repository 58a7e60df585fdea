using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

public sealed class RehearseTests
{
    private const string EventTypes = "/v2/event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("event-types", EventTypes, EventTypes, "2024-06-14", "2024-04-15")]
    [InlineData("event-types", EventTypes + "/3928133", EventTypes + "/{eventTypeId}", "2024-06-14", "2024-04-15")]
    [InlineData("bookings", "/v2/bookings", "/v2/bookings", "2024-08-13", "2024-06-14")]
    [InlineData("bookings", "/v2/bookings", "/v2/bookings", "2024-08-13", "2026-05-01")]
    [InlineData("bookings", "/v2/bookings/hJQ4wGkN7vTzcR2bXyLm9P", "/v2/bookings/{bookingUid}", "2024-08-13", "2024-04-15")]
    [InlineData("schedules", "/v2/schedules", "/v2/schedules", "2024-06-11", "2024-04-15")]
    public async Task What_is_told_is_what_the_two_shapes_of_Cal_com_differ_in(string route, string path, string template, string pinned, string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);
        var (before, after) = (await TwoShapes.AskAsync(sandbox, path, pinned), await TwoShapes.AskAsync(sandbox, path, version));

        var (exit, report) = await rehearsed.RunAsJsonAsync(route, version);
        var differences = report["reads"]!.AsArray().Single(read => (string?)read!["operation"] == $"GET {template}")!["differences"]!.AsArray();

        Assert.Equal((1, "breaking"), (exit, (string?)report["verdict"]));
        Assert.Equal(TwoShapes.Only(before, after), Paths(differences, "gone"));
        Assert.Equal(TwoShapes.Only(after, before), Paths(differences, "new"));
        Assert.Equal(
            before.Keys.Where(path => after.TryGetValue(path, out var types) && !types.Contains("Null") && !before[path].Contains("Null") && !types.Overlaps(before[path])).Order(StringComparer.Ordinal),
            Paths(differences, "retyped"));
    }

    [Fact]
    public async Task The_verdict_comes_first_and_likely_renames_are_told_in_one_line()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("event-types", "2024-04-15");

        Assert.Equal(1, exit);
        Assert.StartsWith("breaking: event-types at 2024-04-15 instead of 2024-06-14\n", text, StringComparison.Ordinal);
        Assert.Contains("data was list, is object now", text, StringComparison.Ordinal);
        Assert.Contains("data[].lengthInMinutes (number) is gone; data.eventTypeGroups[].eventTypes[].length (number) is new: likely renamed", text, StringComparison.Ordinal);
        Assert.Contains("POST /v2/event-types: not tried; answered at 2024-04-15 by another handler", text, StringComparison.Ordinal);
        Assert.All(sandbox.Requests.All, request => Assert.Equal("GET", request.Method));
        Assert.InRange(sandbox.Requests.Count, 3, 40);
        Assert.Contains(rehearsed.Steps, step => step.Contains("/v2/event-types", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_changes_nothing_is_safe()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, report) = await rehearsed.RunAsJsonAsync("bookings", "2026-02-25");

        Assert.Equal((0, "safe"), (exit, (string?)report["verdict"]));
        Assert.InRange((int)report["requests"]!, 3, 40);
    }

    [Fact]
    public async Task A_change_of_how_lists_are_paged_breaks()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("bookings", "2026-05-01");

        Assert.Equal(1, exit);
        Assert.Contains("pagination: pages by number before, pages by cursor now", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event-types", "2031-01-01")]
    [InlineData("bookings", "2031-01-01")]
    [InlineData("slots", "2031-01-01")]
    [InlineData("schedules", "2024-6-11")]
    [InlineData("verified-resources", "2031-01-01")]
    [InlineData("rest", "latest")]
    public async Task A_version_that_nobody_knows_is_a_silent_downgrade(string route, string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync(route, version);

        Assert.Equal(1, exit);
        Assert.StartsWith($"silent downgrade: {route} at {version}", text, StringComparison.Ordinal);
        Assert.Contains("answers as at 2024-04-15", text, StringComparison.Ordinal);
        Assert.InRange(sandbox.Requests.Count, 3, 40);
    }

    [Theory]
    [InlineData("slots", "2024-08-13", "GET /v2/slots: a route miss at 2024-08-13")]
    [InlineData("event-types", "2024-08-13", "GET /v2/event-types: a route miss at 2024-08-13")]
    public async Task A_version_without_the_route_is_a_route_miss(string route, string version, string line)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync(route, version);

        Assert.Equal(1, exit);
        Assert.StartsWith("route miss: ", text, StringComparison.Ordinal);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slots_by_date_are_compared_as_one_path()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, report) = await rehearsed.RunAsJsonAsync("older-slots", "2024-04-15");
        var read = Assert.Single(report["reads"]!.AsArray())!;

        Assert.Equal((0, "safe"), (exit, (string?)report["verdict"]));
        Assert.Empty(read["differences"]!.AsArray());
    }

    [Fact]
    public async Task The_verb_tries_itself_on_the_sandbox_and_saves_what_it_tells()
    {
        using var rehearsed = new Rehearsed(upstream: null, credential: null);

        var (exit, text, _) = await rehearsed.RunAsync("event-types", "2024-04-15", json: true, save: true);

        Assert.Equal(1, exit);
        Assert.Equal(text, await File.ReadAllTextAsync(rehearsed.SavedPath, Cancellation));
    }

    [Fact]
    public async Task The_executable_has_the_verb_with_its_usage()
    {
        await using var lacking = GatewayProcess.Start(["rehearse", "event-types"]);
        Assert.Equal(2, await lacking.ExitAsync());
        Assert.Contains("calgateway rehearse ROUTE VERSION", lacking.Errors, StringComparison.Ordinal);

        await using var unknown = GatewayProcess.Start(["rehearse", "nowhere", "2024-04-15", "--sandbox"]);
        Assert.Equal(2, await unknown.ExitAsync());
        Assert.Contains("no route \"nowhere\"", unknown.Errors, StringComparison.Ordinal);

        await using var whole = GatewayProcess.Start(["rehearse", "event-types", "2024-04-15", "--sandbox"]);
        Assert.Equal(1, await whole.ExitAsync());
        Assert.StartsWith("breaking: event-types at 2024-04-15", whole.Output, StringComparison.Ordinal);
    }

    private static List<string> Paths(JsonArray differences, string kind) =>
        [.. differences.Where(difference => (string?)difference!["kind"] == kind).Select(difference => (string)difference!["path"]!).Order(StringComparer.Ordinal)];
}
