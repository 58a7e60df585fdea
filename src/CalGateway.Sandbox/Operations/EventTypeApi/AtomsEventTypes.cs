using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>What Cal.com's own components read to draw the page on which an event type is booked; open to everybody.</summary>
internal sealed class AtomsEventTypes(Account account)
{
    public void Bind(OperationTable table) => table.Handle("GET", "/v2/atoms/event-types/{eventSlug}/public", ApiVersions.All, Get);

    private Answer Get(Call call)
    {
        var slug = call.Route["eventSlug"];
        if (call.Ask("isTeamEvent") == "true")
        {
            var found = account.EventTypes.Values.FirstOrDefault(type => type.Slug == slug && type.TeamId is { } id && id == call.AskNumber("teamId"));
            return found is null ? Missing(slug) : Answer.Ok(Shape(found, account.Teams[found.TeamId!.Value]));
        }

        var own = account.EventTypes.Values.FirstOrDefault(type => type.Slug == slug && type.TeamId is null);
        return own is null || !account.Owner.Username.Equals(call.Ask("username"), StringComparison.OrdinalIgnoreCase)
            ? Missing(slug)
            : Answer.Ok(Shape(own, null));
    }

    private JsonObject Shape(EventType type, Team? team)
    {
        var user = User();
        return new JsonObject
        {
            ["id"] = type.Id,
            ["title"] = type.Title,
            ["slug"] = type.Slug,
            ["description"] = type.Description,
            ["eventName"] = null,
            ["length"] = type.Length,
            ["hidden"] = type.Hidden,
            ["schedulingType"] = type.Settings.Text("schedulingType")?.ToUpperInvariant(),
            ["locations"] = new JsonArray(new JsonObject { ["type"] = "integrations:daily" }),
            ["bookingFields"] = BookingFields.All(),
            ["customInputs"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
            ["recurringEvent"] = null,
            ["price"] = 0,
            ["currency"] = "usd",
            ["disableGuests"] = false,
            ["requiresConfirmation"] = false,
            ["requiresBookerEmailVerification"] = false,
            ["lockTimeZoneToggleOnBookingPage"] = false,
            ["seatsPerTimeSlot"] = null,
            ["seatsShowAvailabilityCount"] = null,
            ["successRedirectUrl"] = null,
            ["forwardParamsSuccessRedirect"] = true,
            ["workflows"] = new JsonArray(),
            ["schedule"] = ScheduleOf(type),
            ["team"] = team is null ? null : new JsonObject { ["name"] = team.Name, ["slug"] = team.Slug, ["parentId"] = team.OrganizationId },
            ["owner"] = team is null ? user.DeepClone() : null,
            ["hosts"] = new JsonArray(),
            ["users"] = new JsonArray(user),
            ["subsetOfUsers"] = new JsonArray(user.DeepClone()),
            ["profile"] = Profile(team),
            ["entity"] = new JsonObject
            {
                ["fromRedirectOfNonOrgLink"] = true,
                ["considerUnpublished"] = false,
                ["orgSlug"] = null,
                ["teamSlug"] = team?.Slug,
                ["name"] = team?.Name,
                ["hideProfileLink"] = false,
                ["logoUrl"] = null,
            },
            ["isDynamic"] = false,
            ["isInstantEvent"] = false,
            ["instantMeetingSchedule"] = null,
            ["aiPhoneCallConfig"] = null,
            ["assignAllTeamMembers"] = false,
        };
    }

    private JsonObject User() => new()
    {
        ["id"] = account.Owner.Id,
        ["username"] = account.Owner.Username,
        ["name"] = account.Owner.Name,
        ["weekStart"] = account.Owner.WeekStart,
        ["avatarUrl"] = null,
        ["organizationId"] = null,
        ["bookerUrl"] = "https://cal.com",
        ["profile"] = new JsonObject { ["id"] = null, ["upId"] = $"usr-{account.Owner.Id}", ["username"] = account.Owner.Username, ["organization"] = null },
    };

    private JsonObject Profile(Team? team) => new()
    {
        ["username"] = team?.Slug ?? account.Owner.Username,
        ["name"] = team?.Name ?? account.Owner.Name,
        ["weekStart"] = account.Owner.WeekStart,
        ["image"] = null,
        ["brandColor"] = null,
        ["darkBrandColor"] = null,
        ["theme"] = null,
        ["bookerLayouts"] = null,
    };

    private JsonObject? ScheduleOf(EventType type)
    {
        var schedule = type.ScheduleId is { } id && account.Schedules.TryGetValue(id, out var own) ? own : account.DefaultSchedule();
        return schedule is null ? null : new JsonObject { ["id"] = schedule.Id, ["timeZone"] = schedule.TimeZone };
    }

    private static Answer Missing(string slug) => Answer.NotFound($"Event type with slug {slug} not found");
}
