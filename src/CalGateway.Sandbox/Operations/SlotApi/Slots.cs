using System.Globalization;
using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>Free slots, as 2024-09-04 lists them.</summary>
internal sealed class Slots(Account account)
{
    private readonly Availability availability = new(account);

    public void Bind(OperationTable table) => table.Handle("GET", "/v2/slots", ApiVersions.V2024_09_04, List);

    private Answer List(Call call)
    {
        if (call.AskTime("start") is not { } start)
            return Wrong("start");
        if (End(call, "end") is not { } end)
            return Wrong("end");
        if (TypeOf(call) is not { } type)
            return Answer.NotFound("Event Type not found");

        var zone = Availability.Zone(call.Ask("timeZone"));
        var minutes = call.AskNumber("duration") ?? type.Length;
        var isRange = string.Equals(call.Ask("format"), "range", StringComparison.OrdinalIgnoreCase);
        var days = ByDay(availability.Slots(type, start, end, minutes, call.Ask("bookingUidToReschedule")), zone, slot =>
        {
            var json = new JsonObject { ["start"] = Local(slot, zone) };
            if (isRange)
                json["end"] = Local(slot.AddMinutes(minutes), zone);
            return json;
        });
        return new Answer(200, new JsonObject { ["data"] = days, ["status"] = "success" });
    }

    // Anonymous callers may ask for any event type: slots only reveal when somebody is free.
    private EventType? TypeOf(Call call) => call.AskNumber("eventTypeId") is { } id
        ? account.AnyEventType(id)
        : account.EventTypes.Values.FirstOrDefault(type => type.TeamId is null
            && type.Slug == call.Ask("eventTypeSlug")
            && account.Owner.Username.Equals(call.Ask("username"), StringComparison.OrdinalIgnoreCase));

    // A bare date ends with its last second.
    private static DateTimeOffset? End(Call call, string parameter) =>
        call.AskTime(parameter) is { } end ? call.Ask(parameter)!.Length == 10 ? end.AddDays(1).AddSeconds(-1) : end : null;

    /// <summary>Slots under the dates on which they begin in a zone.</summary>
    public static JsonObject ByDay(IEnumerable<DateTimeOffset> slots, TimeZoneInfo zone, Func<DateTimeOffset, JsonNode> shape)
    {
        var days = new JsonObject();
        foreach (var day in slots.GroupBy(slot => TimeZoneInfo.ConvertTime(slot, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            days[day.Key] = Json.ArrayOf(day.Select(shape));
        return days;
    }

    private static string Local(DateTimeOffset slot, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(slot, zone);
        return local.Offset == TimeSpan.Zero
            ? Json.Time(slot)
            : local.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
    }

    private static Answer Wrong(string property) =>
        Answer.BadRequest($"{property} property is wrong,{property} must be a valid ISO 8601 date string ");
}
