using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>The user's event types at 2024-06-14.</summary>
internal sealed class EventTypes(Account account)
{
    private const string Collection = "/v2/event-types";
    private const string Single = "/v2/event-types/{eventTypeId}";

    private readonly AnswerCache cache = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", Collection, ApiVersions.V2024_06_14, call => cache.Get(call, List));
        table.Handle("POST", Collection, ApiVersions.V2024_06_14, Create);
        table.Handle("GET", Single, ApiVersions.V2024_06_14, Get);
        table.Handle("PATCH", Single, ApiVersions.V2024_06_14, Update);
        table.Handle("DELETE", Single, ApiVersions.V2024_06_14, Delete);
    }

    private Answer List(Call call)
    {
        var types = account.EventTypes.Values.Where(type => type.TeamId is null);
        if (call.Ask("username") is { } username)
            types = IsOwner(username) ? types.Where(type => Matches(call.Ask("eventSlug"), type.Slug)) : [];
        else if (call.Ask("usernames") is { } usernames)
            types = usernames.Split(',').Any(name => IsOwner(name.Trim())) ? types : [];
        else if (!call.IsOwner)
            types = [];

        // Only the owner sees what is hidden.
        if (!call.IsOwner)
            types = types.Where(type => !type.Hidden);

        types = call.Ask("sortCreatedAt") switch
        {
            "asc" => types.OrderBy(type => type.Id),
            "desc" => types.OrderByDescending(type => type.Id),
            _ => types,
        };
        return Answer.Ok(Json.ArrayOf(types.Select(type => EventTypeShape.Of(type, account.Owner))));
    }

    private Answer Get(Call call) => RequestedEventType.In(account, call) is { } type
        ? Answer.Ok(EventTypeShape.Of(type, account.Owner))
        : RequestedEventType.Missing(call);

    private Answer Create(Call call)
    {
        var input = new Validation(call.Body);
        var title = input.RequiredText("title");
        var slug = input.RequiredText("slug");
        var length = input.RequiredNumber("lengthInMinutes");
        if (input.Refusal is not null)
            return input.Refusal;
        if (account.EventTypes.Values.Any(other => other.TeamId is null && other.Slug == slug))
            return Answer.BadRequest("User already has an event type with this slug.");

        var type = EventTypeShape.With(new EventType(account.NextId(), null, title, slug, length, "", false, null, []), call.Body);
        account.EventTypes[type.Id] = type;
        return Answer.Created(EventTypeShape.Of(type, account.Owner));
    }

    private Answer Update(Call call)
    {
        if (call.RouteNumber("eventTypeId") is null)
            return Answer.BadRequest("Validation failed (numeric string is expected)");
        if (RequestedEventType.In(account, call) is not { } type)
            return RequestedEventType.Missing(call);

        var input = new Validation(call.Body);
        input.OptionalText("title");
        input.OptionalText("slug");
        input.OptionalNumber("lengthInMinutes");
        if (input.Refusal is not null)
            return input.Refusal;

        type = account.EventTypes[type.Id] = EventTypeShape.With(type, call.Body);
        return Answer.Ok(EventTypeShape.Of(type, account.Owner));
    }

    private Answer Delete(Call call)
    {
        if (RequestedEventType.In(account, call) is not { } type)
            return RequestedEventType.Missing(call);

        account.EventTypes.Remove(type.Id);
        return Answer.Ok(new JsonObject { ["id"] = type.Id, ["lengthInMinutes"] = type.Length, ["slug"] = type.Slug, ["title"] = type.Title });
    }

    private bool IsOwner(string username) => username.Equals(account.Owner.Username, StringComparison.OrdinalIgnoreCase);

    private static bool Matches(string? asked, string value) => asked is null || asked.Equals(value, StringComparison.Ordinal);
}
