using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Accounts;

/// <summary>A meeting that was booked; cancelled ones are kept.</summary>
/// <param name="Uid">22 characters in which case counts.</param>
internal sealed record Booking(
    int Id, string Uid, int EventTypeId, string Title, DateTimeOffset Start, int Minutes, Attendee Attendee, DateTimeOffset CreatedAt)
{
    public DateTimeOffset End => Start.AddMinutes(Minutes);

    public bool IsCancelled { get; init; }

    public string CancellationReason { get; init; } = "";

    public string? ReschedulingReason { get; init; }

    public string? RescheduledFromUid { get; init; }

    public string? RescheduledToUid { get; init; }

    public string Location { get; init; } = "integrations:daily";

    public JsonObject? Metadata { get; init; }

    public JsonObject? Responses { get; init; }

    public JsonArray? Guests { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;
}
