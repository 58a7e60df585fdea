using System.Globalization;
using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;

namespace CalGateway.Sandbox.Operations;

/// <summary>Free slots, as 2024-09-04 lists them and as the versions before did.</summary>
internal sealed class Slots(Account account)
{
    private const ApiVersions Before = ApiVersions.V2024_04_15 | ApiVersions.V2024_06_11 | ApiVersions.V2024_06_14 | ApiVersions.V2024_08_13;

    private readonly Availability availability = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/slots", ApiVersions.V2024_09_04, List);
        table.Handle("GET", "/v2/slots/available", Before, ListBefore);
        table.Handle("POST", "/v2/slots/reserve", Before, _ => Answer.Created(Guid.NewGuid().ToString()));
        table.Handle("DELETE", "/v2/slots/selected-slot", Before, _ => new Answer(200, new JsonObject { ["status"] = "success" }));
    }

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

    private Answer ListBefore(Call call)
    {
        if (call.AskTime("startTime") is not { } start || End(call, "endTime") is not { } end)
            return Answer.BadRequest("Invalid date range given.");
        if (TypeOf(call) is not { } type)
            return Answer.NotFound("Event Type not found");

        var days = ByDay(availability.Slots(type, start, end), Availability.Zone(call.Ask("timeZone")), slot => new JsonObject { ["time"] = Json.Time(slot) });
        return Answer.Ok(new JsonObject { ["slots"] = days });
    }

    // Anonymous callers may look at any event type: a slot gives away nothing but that somebody is free.
    private EventType? TypeOf(Call call) => call.AskNumber("eventTypeId") is { } id
        ? account.AnyEventType(id)
        : account.EventTypes.Values.FirstOrDefault(type => type.TeamId is null
            && type.Slug == call.Ask("eventTypeSlug")
            && account.Owner.Username.Equals(call.Ask("username"), StringComparison.OrdinalIgnoreCase));

    // A bare date ends with its last second.
    private static DateTimeOffset? End(Call call, string parameter) =>
        call.AskTime(parameter) is { } end ? call.Ask(parameter)!.Length == 10 ? end.AddDays(1).AddSeconds(-1) : end : null;

    private static JsonObject ByDay(IEnumerable<DateTimeOffset> slots, TimeZoneInfo zone, Func<DateTimeOffset, JsonNode> shape)
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
