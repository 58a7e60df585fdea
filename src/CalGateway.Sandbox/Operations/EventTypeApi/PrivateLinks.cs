using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>Private links of the user's event types: at 2024-04-15 only, unlike the event types around them.</summary>
internal sealed class PrivateLinks(Account account)
{
    private const string Collection = "/v2/event-types/{eventTypeId}/private-links";
    private const string Single = "/v2/event-types/{eventTypeId}/private-links/{linkId}";

    public void Bind(OperationTable table)
    {
        table.Handle("GET", Collection, ApiVersions.V2024_04_15, List);
        table.Handle("POST", Collection, ApiVersions.V2024_04_15, Create);
        table.Handle("PATCH", Single, ApiVersions.V2024_04_15, Update);
        table.Handle("DELETE", Single, ApiVersions.V2024_04_15, Delete);
    }

    private Answer List(Call call) => RequestedEventType.In(account, call) is { } type
        ? Answer.Ok(Json.ArrayOf(account.PrivateLinks.Values.Where(link => link.EventTypeId == type.Id).Select(link => Shape(link, type))))
        : RequestedEventType.Missing(call);

    private Answer Create(Call call)
    {
        if (RequestedEventType.In(account, call) is not { } type)
            return RequestedEventType.Missing(call);

        var link = With(new PrivateLink(Identifiers.LinkId(), type.Id, null, 1), call.Body);
        account.PrivateLinks[link.Id] = link;
        return Answer.Created(Shape(link, type));
    }

    private Answer Update(Call call)
    {
        if (RequestedEventType.In(account, call) is not { } type)
            return RequestedEventType.Missing(call);
        if (LinkOf(call) is not { } link)
            return Answer.NotFound("Updated link not found");

        link = account.PrivateLinks[link.Id] = With(link, call.Body);
        return Answer.Ok(Shape(link, type));
    }

    private Answer Delete(Call call)
    {
        if (RequestedEventType.In(account, call) is null)
            return RequestedEventType.Missing(call);
        if (LinkOf(call) is not { } link)
            return Answer.NotFound("Deleted link not found");

        account.PrivateLinks.Remove(link.Id);
        return Answer.Ok(new JsonObject { ["linkId"] = link.Id, ["message"] = "Private link deleted successfully" });
    }

    private PrivateLink? LinkOf(Call call) =>
        account.PrivateLinks.TryGetValue(call.Route["linkId"], out var link) && link.EventTypeId == call.RouteNumber("eventTypeId") ? link : null;

    private static PrivateLink With(PrivateLink link, JsonObject body) => link with
    {
        ExpiresAt = Json.ParseTime(body.Text("expiresAt")) ?? link.ExpiresAt,
        MaxUsageCount = body.Number("maxUsageCount") ?? link.MaxUsageCount,
    };

    private JsonObject Shape(PrivateLink link, EventType type)
    {
        var json = new JsonObject
        {
            ["linkId"] = link.Id,
            ["eventTypeId"] = type.Id,
            ["isExpired"] = link.ExpiresAt < account.Now,
            ["bookingUrl"] = $"https://cal.com/d/{link.Id}/{type.Slug}",
        };
        if (link.ExpiresAt is { } expiresAt)
        {
            json["expiresAt"] = Json.Time(expiresAt);
        }
        else
        {
            json["maxUsageCount"] = link.MaxUsageCount;
            json["usageCount"] = 0;
        }

        return json;
    }
}
