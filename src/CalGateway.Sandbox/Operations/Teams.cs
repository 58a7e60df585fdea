using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Operations.EventTypeApi;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>The user's team and what can be booked with it, directly and by way of its organisation.</summary>
internal sealed class Teams(Account account)
{
    private const string OfOrganization = "/v2/organizations/{orgId}/teams/{teamId}/event-types";

    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/teams", ApiVersions.All, _ => Answer.Ok(Json.ArrayOf(account.Teams.Values.Select(Shape))));
        table.Handle("GET", "/v2/teams/{teamId}", ApiVersions.All, call => TeamOf(call) is { } team ? Answer.Ok(Shape(team)) : NotAMember(call));
        table.Handle("GET", "/v2/teams/{teamId}/event-types", ApiVersions.All, call => Answer.Ok(EventTypesOf(call)));
        table.Handle("GET", "/v2/teams/{teamId}/event-types/{eventTypeId}", ApiVersions.All, GetEventType);
        table.Handle("GET", OfOrganization, ApiVersions.All, ListOfOrganization);
        table.Handle("GET", OfOrganization + "/{eventTypeId}", ApiVersions.All, GetEventType);
        table.Handle("GET", "/v2/organizations/{orgId}/teams", ApiVersions.All, call => Answer.Ok(
            Json.ArrayOf(account.Teams.Values.Where(team => team.OrganizationId == call.RouteNumber("orgId")).Select(Shape))));
    }

    private Answer ListOfOrganization(Call call) => TeamOf(call)?.OrganizationId == call.RouteNumber("orgId")
        ? Answer.Ok(EventTypesOf(call))
        : Answer.NotFound($"IsTeamInOrg - Team ({call.Route["teamId"]}) not found.");

    private Answer GetEventType(Call call) =>
        TeamOf(call) is { } team && account.AnyEventType(call.RouteNumber("eventTypeId")) is { } type && type.TeamId == team.Id
            ? Answer.Ok(EventTypeShape.Of(type, team, account.Owner))
            : Answer.NotFound($"Event type with id {call.Route["eventTypeId"]} not found");

    private JsonArray EventTypesOf(Call call) => TeamOf(call) is { } team
        ? Json.ArrayOf(account.EventTypes.Values
            .Where(type => type.TeamId == team.Id && (call.Ask("eventSlug") ?? type.Slug) == type.Slug && (call.IsOwner || !type.Hidden))
            .Select(type => EventTypeShape.Of(type, team, account.Owner)))
        : [];

    private Team? TeamOf(Call call) => call.RouteNumber("teamId") is { } id && account.Teams.TryGetValue(id, out var team) ? team : null;

    private Answer NotAMember(Call call) =>
        Answer.Forbidden($"RolesGuard - User with id={account.Owner.Id} is not a member of team with id={call.Route["teamId"]}.");

    private static JsonObject Shape(Team team) => new()
    {
        ["id"] = team.Id,
        ["parentId"] = team.OrganizationId,
        ["name"] = team.Name,
        ["slug"] = team.Slug,
        ["isOrganization"] = false,
        ["isPrivate"] = false,
        ["hideBranding"] = false,
        ["timeZone"] = "Europe/London",
        ["weekStart"] = "Sunday",
    };
}
