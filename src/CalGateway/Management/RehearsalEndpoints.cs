using CalGateway.Management.Page;
using CalGateway.Pages;
using CalGateway.Problems;
using CalGateway.Rehearsal;
using CalGateway.Rehearsal.Report;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CalGateway.Management;

/// <summary><c>POST /rehearsal?route=&amp;version=</c> starts a rehearsal; <c>GET /rehearsal</c> returns its progress and the last reports.</summary>
internal static class RehearsalEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, Rehearsals rehearsals, BrowserToken token)
    {
        endpoints.MapRead("/rehearsal", _ => Report(rehearsals, StatusCodes.Status200OK));
        endpoints.MapCommand("/rehearsal", context =>
            token.Refusal(context.Request) ?? Begin(rehearsals, context.Request.Query["route"], context.Request.Query["version"]));
    }

    private static IResult Begin(Rehearsals rehearsals, string? route, string? version)
    {
        if (string.IsNullOrEmpty(route) || !RehearsedRoute.IsVersion(version))
            return Text($"Say which route is to be rehearsed at which version, as in /rehearsal?route=bookings&version=2026-02-25. {RehearsedRoute.InvalidVersion}", StatusCodes.Status400BadRequest);
        if (!rehearsals.HasRoute(route))
            return Text("There is no such route.", StatusCodes.Status404NotFound);

        return rehearsals.TryBegin(route, version!)
            ? Report(rehearsals, StatusCodes.Status202Accepted)
            : Text("Another rehearsal is under way. There is one at a time, for the sake of the key's quota.", StatusCodes.Status409Conflict);
    }

    private static IResult Report(Rehearsals rehearsals, int status) => Results.Json(
        new
        {
            rehearsals.UnderWay,
            rehearsals.Versions,
            Reports = rehearsals.Reports.Select(report => new { report.Route, report.Version, Verdict = report.Verdict.Describe(), Text = RehearsalText.Of(report), Report = RehearsalJson.From(report) }),
        },
        ReadableJson.Options, statusCode: status);

    private static ContentHttpResult Text(string what, int status) => TypedResults.Text(what + "\n", statusCode: status);
}
