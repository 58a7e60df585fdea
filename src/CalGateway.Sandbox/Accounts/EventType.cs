using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Accounts;

/// <summary>Something that can be booked; of the user, or of a team if it has one.</summary>
/// <param name="Settings">What else was set when it was created or updated, answered as it came.</param>
internal sealed record EventType(
    int Id, int? TeamId, string Title, string Slug, int Length, string Description, bool Hidden, int? ScheduleId, JsonObject Settings);
