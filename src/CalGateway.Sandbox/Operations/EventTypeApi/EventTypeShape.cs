using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>How an event type looks at 2024-06-14, and how a body of that version changes one.</summary>
internal static class EventTypeShape
{
    // What the type itself holds; all else in a body is a setting, answered as it came.
    private static readonly string[] Held = ["id", "title", "slug", "lengthInMinutes", "description", "hidden", "scheduleId", "ownerId", "teamId", "users", "team"];

    public static JsonObject Of(EventType type, User owner)
    {
        var json = Common(type);
        json["ownerId"] = owner.Id;
        json["users"] = new JsonArray(UserOf(owner));
        json["bookingUrl"] = $"https://cal.com/{owner.Username}/{type.Slug}";
        return json;
    }

    public static JsonObject Of(EventType type, Team team, User owner)
    {
        var json = Common(type);
        json["teamId"] = team.Id;
        json["ownerId"] = null;
        json["parentEventTypeId"] = null;
        json["hosts"] = new JsonArray(new JsonObject { ["userId"] = owner.Id, ["name"] = owner.Name, ["username"] = owner.Username, ["avatarUrl"] = null });
        json["assignAllTeamMembers"] = false;
        json["team"] = new JsonObject { ["id"] = team.Id, ["slug"] = team.Slug, ["name"] = team.Name };
        json["bookingUrl"] = $"https://cal.com/team/{team.Slug}/{type.Slug}";
        return json;
    }

    public static EventType With(EventType type, JsonObject body)
    {
        var settings = (JsonObject)type.Settings.DeepClone();
        foreach (var (name, value) in body.Where(property => !Held.Contains(property.Key)))
            settings[name] = value?.DeepClone();

        return type with
        {
            Title = body.Text("title") ?? type.Title,
            Slug = body.Text("slug") ?? type.Slug,
            Length = body.Number("lengthInMinutes") ?? body.Number("length") ?? type.Length,
            Description = body.Text("description") ?? type.Description,
            Hidden = body.Flag("hidden") ?? type.Hidden,
            ScheduleId = body.Number("scheduleId") ?? type.ScheduleId,
            Settings = settings,
        };
    }

    private static JsonObject Common(EventType type)
    {
        var json = new JsonObject
        {
            ["id"] = type.Id,
            ["lengthInMinutes"] = type.Length,
            ["title"] = type.Title,
            ["slug"] = type.Slug,
            ["description"] = type.Description,
            ["locations"] = new JsonArray(new JsonObject { ["type"] = "integration", ["integration"] = "cal-video" }),
            ["bookingFields"] = new JsonArray(Field("name", "name"), Field("email", "email")),
            ["recurrence"] = null,
            ["disableGuests"] = false,
            ["slotInterval"] = null,
            ["minimumBookingNotice"] = 120,
            ["beforeEventBuffer"] = 0,
            ["afterEventBuffer"] = 0,
            ["metadata"] = new JsonObject(),
            ["requiresConfirmation"] = false,
            ["price"] = 0,
            ["currency"] = "usd",
            ["lockTimeZoneToggleOnBookingPage"] = false,
            ["seatsPerTimeSlot"] = null,
            ["forwardParamsSuccessRedirect"] = true,
            ["successRedirectUrl"] = null,
            ["isInstantEvent"] = false,
            ["scheduleId"] = type.ScheduleId,
            ["hidden"] = type.Hidden,
            ["bookingRequiresAuthentication"] = false,
        };
        foreach (var (name, value) in type.Settings)
            json[name] = value?.DeepClone();
        return json;
    }

    private static JsonObject Field(string type, string slug) =>
        new() { ["type"] = type, ["slug"] = slug, ["required"] = true, ["isDefault"] = true };

    private static JsonObject UserOf(User owner) => new()
    {
        ["id"] = owner.Id,
        ["name"] = owner.Name,
        ["username"] = owner.Username,
        ["avatarUrl"] = null,
        ["weekStart"] = owner.WeekStart,
        ["brandColor"] = null,
        ["darkBrandColor"] = null,
        ["metadata"] = new JsonObject(),
    };
}
