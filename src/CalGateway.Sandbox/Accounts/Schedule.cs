using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Accounts;

/// <summary>Working hours: on which days, from when to when, in which zone.</summary>
/// <param name="Availability">Objects of days (names), startTime and endTime ("09:00").</param>
internal sealed record Schedule(int Id, string Name, string TimeZone, bool IsDefault, JsonArray Availability, JsonArray Overrides)
{
    /// <summary>The spans of one weekday, in minutes after midnight.</summary>
    public IEnumerable<(int From, int To)> HoursOf(DayOfWeek day) =>
        from hours in Availability.OfType<JsonObject>()
        where hours["days"] is JsonArray days && days.Any(name => name?.ToString().Equals(day.ToString(), StringComparison.OrdinalIgnoreCase) == true)
        select (Minutes(hours["startTime"]), Minutes(hours["endTime"]));

    private static int Minutes(JsonNode? time) =>
        TimeOnly.TryParse(time?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var parsed) ? (int)parsed.ToTimeSpan().TotalMinutes : 0;
}
