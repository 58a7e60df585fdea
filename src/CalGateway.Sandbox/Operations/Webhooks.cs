using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>Webhooks of the user, and of one event type.</summary>
internal sealed class Webhooks(Account account)
{
    public void Bind(OperationTable table)
    {
        Bind(table, "/v2/webhooks", _ => null);
        Bind(table, "/v2/event-types/{eventTypeId}/webhooks", call => call.RouteNumber("eventTypeId"));
    }

    private void Bind(OperationTable table, string collection, Func<Call, int?> ownerOf)
    {
        var single = collection + "/{webhookId}";
        table.Handle("GET", collection, ApiVersions.All, call => Answer.Ok(Json.ArrayOf(account.Webhooks.Values.Where(hook => hook.EventTypeId == ownerOf(call)).Select(Shape))));
        table.Handle("POST", collection, ApiVersions.All, call => Create(call, ownerOf(call)));
        table.Handle("GET", single, ApiVersions.All, call => Find(call, ownerOf(call)) is { } hook ? Answer.Ok(Shape(hook)) : Missing(call));
        table.Handle("PATCH", single, ApiVersions.All, call => Update(call, ownerOf(call)));
        table.Handle("DELETE", single, ApiVersions.All, call => Delete(call, ownerOf(call)));
    }

    private Answer Create(Call call, int? eventTypeId)
    {
        var input = new Validation(call.Body);
        var active = input.RequiredFlag("active");
        var url = input.RequiredText("subscriberUrl");
        if (call.Body["triggers"] is not JsonArray triggers)
        {
            input.Fail("triggers", ("isArray", "triggers must be an array"));
            triggers = [];
        }

        if (input.Refusal is not null)
            return input.Refusal;
        if (account.Webhooks.Values.Any(other => other.EventTypeId == eventTypeId && other.SubscriberUrl == url))
            return Answer.Refuse(409, "Webhook with this subscriberUrl already exists for this user");

        var hook = new Webhook(
            Guid.NewGuid().ToString(), eventTypeId, url, active, (JsonArray)triggers.DeepClone(), call.Body.Text("payloadTemplate"), call.Body.Text("secret"));
        account.Webhooks[hook.Id] = hook;
        return Answer.Created(Shape(hook));
    }

    private Answer Update(Call call, int? eventTypeId)
    {
        if (Find(call, eventTypeId) is not { } hook)
            return Missing(call);

        hook = account.Webhooks[hook.Id] = hook with
        {
            Active = call.Body.Flag("active") ?? hook.Active,
            SubscriberUrl = call.Body.Text("subscriberUrl") ?? hook.SubscriberUrl,
            Triggers = call.Body["triggers"]?.DeepClone() as JsonArray ?? hook.Triggers,
            PayloadTemplate = call.Body.Text("payloadTemplate") ?? hook.PayloadTemplate,
            Secret = call.Body.Text("secret") ?? hook.Secret,
        };
        return Answer.Ok(Shape(hook));
    }

    private Answer Delete(Call call, int? eventTypeId)
    {
        if (Find(call, eventTypeId) is not { } hook)
            return Missing(call);

        account.Webhooks.Remove(hook.Id);
        return Answer.Ok(Shape(hook));
    }

    private Webhook? Find(Call call, int? eventTypeId) =>
        account.Webhooks.TryGetValue(call.Route["webhookId"], out var hook) && hook.EventTypeId == eventTypeId ? hook : null;

    private JsonObject Shape(Webhook hook)
    {
        var json = new JsonObject
        {
            ["id"] = hook.Id,
            ["triggers"] = hook.Triggers.DeepClone(),
            ["subscriberUrl"] = hook.SubscriberUrl,
            ["active"] = hook.Active,
            ["payloadTemplate"] = hook.PayloadTemplate,
            ["secret"] = hook.Secret,
        };
        json[hook.EventTypeId is null ? "userId" : "eventTypeId"] = hook.EventTypeId ?? account.Owner.Id;
        return json;
    }

    private static Answer Missing(Call call) => Answer.NotFound($"Webhook ({call.Route["webhookId"]}) not found");
}
