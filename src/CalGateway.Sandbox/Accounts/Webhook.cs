using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Accounts;

/// <summary>Where Cal.com tells of events; of one event type where that is set, else of the user.</summary>
internal sealed record Webhook(
    string Id, int? EventTypeId, string SubscriberUrl, bool Active, JsonArray Triggers, string? PayloadTemplate, string? Secret);
