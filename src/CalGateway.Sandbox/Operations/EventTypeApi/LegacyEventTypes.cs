using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>Event types as the versions before 2024-06-14 show them: grouped, with <c>length</c>; the query is ignored.</summary>
internal sealed class LegacyEventTypes(Account account)
{
    private const ApiVersions Legacy = ApiVersions.V2024_04_15 | ApiVersions.V2024_06_11;
    private const string Collection = "/v2/event-types";
    private const string Single = "/v2/event-types/{eventTypeId}";

    private readonly AnswerCache cache = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", Collection, Legacy, call => cache.Get(call, _ => List()));
        table.Handle("POST", Collection, Legacy, Create);
        table.Handle("GET", Single, Legacy, Get);
        table.Handle("PATCH", Single, Legacy, Update);
        table.Handle("DELETE", Single, Legacy, Delete);
        table.Handle("GET", "/v2/event-types/{username}/public", Legacy, ListPublic);
        table.Handle("GET", "/v2/event-types/{username}/{eventSlug}/public", Legacy, GetPublic);
    }

    /// <summary>The list as API v1 gave it.</summary>
    public static JsonArray V1List(Account account) => Json.ArrayOf(Own(account).Select(Shape));

    private Answer List()
    {
        var profile = new JsonObject { ["slug"] = account.Owner.Username, ["name"] = account.Owner.Name, ["image"] = null };
        var group = new JsonObject
        {
            ["teamId"] = null,
            ["bookerUrl"] = "https://cal.com",
            ["membershipRole"] = null,
            ["profile"] = profile,
            ["metadata"] = new JsonObject { ["membershipCount"] = 1, ["readOnly"] = false },
            ["eventTypes"] = Json.ArrayOf(Own(account).Select(Shape)),
        };
        var summary = (JsonObject)profile.DeepClone();
        summary["teamId"] = null;
        summary["membershipRole"] = null;
        summary["membershipCount"] = 1;
        summary["readOnly"] = false;
        return Answer.Ok(new JsonObject { ["eventTypeGroups"] = new JsonArray(group), ["profiles"] = new JsonArray(summary) });
    }

    private Answer Get(Call call) => RequestedEventType.In(account, call) is { } type
        ? Answer.Ok(new JsonObject { ["eventType"] = Shape(type), ["locationOptions"] = new JsonArray(), ["destinationCalendar"] = null, ["teamMembers"] = new JsonArray() })
        : RequestedEventType.Missing(call);

    private Answer Create(Call call)
    {
        var input = new Validation(call.Body);
        var length = input.RequiredNumber("length");
        var slug = input.RequiredText("slug");
        var title = input.RequiredText("title");
        if (input.Refusal is not null)
            return input.Refusal;

        var type = EventTypeShape.With(new EventType(account.NextId(), null, title, slug, length, "", false, null, []), call.Body);
        account.EventTypes[type.Id] = type;
        return Answer.Created(Shape(type));
    }

    private Answer Update(Call call)
    {
        if (RequestedEventType.In(account, call) is not { } type)
            return RequestedEventType.Missing(call);

        type = account.EventTypes[type.Id] = EventTypeShape.With(type, call.Body);
        return Answer.Ok(Shape(type));
    }

    private Answer Delete(Call call)
    {
        if (RequestedEventType.In(account, call) is not { } type)
            return Answer.NotFound($"Event type with ID={call.Route["eventTypeId"]} does not exist.");

        account.EventTypes.Remove(type.Id);
        return Answer.Ok(new JsonObject { ["id"] = type.Id, ["length"] = type.Length, ["slug"] = type.Slug, ["title"] = type.Title });
    }

    private Answer ListPublic(Call call) => IsOwner(call)
        ? Answer.Ok(Json.ArrayOf(Own(account).Where(type => !type.Hidden).Select(Shape)))
        : Answer.NotFound($"User with username \"{call.Route["username"]}\" not found");

    private Answer GetPublic(Call call) =>
        Answer.Ok(IsOwner(call) && Own(account).FirstOrDefault(type => type.Slug == call.Route["eventSlug"]) is { } type ? Shape(type) : null);

    private bool IsOwner(Call call) => call.Route["username"].Equals(account.Owner.Username, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<EventType> Own(Account account) => account.EventTypes.Values.Where(type => type.TeamId is null);

    private static JsonObject Shape(EventType type) => new()
    {
        ["id"] = type.Id,
        ["title"] = type.Title,
        ["slug"] = type.Slug,
        ["length"] = type.Length,
        ["description"] = type.Description,
        ["hidden"] = type.Hidden,
        ["position"] = 0,
        ["schedulingType"] = null,
        ["requiresConfirmation"] = false,
        ["recurringEvent"] = null,
        ["price"] = 0,
        ["currency"] = "usd",
        ["metadata"] = new JsonObject(),
        ["scheduleId"] = type.ScheduleId,
        ["hashedLink"] = null,
        ["children"] = new JsonArray(),
    };
}
