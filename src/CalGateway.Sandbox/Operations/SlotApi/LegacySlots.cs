using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>Slots as the versions before 2024-09-04 have them: listed by startTime and endTime, reserved and given back by a uid.</summary>
internal sealed class LegacySlots(Account account)
{
    private const ApiVersions Legacy = ApiVersions.V2024_04_15 | ApiVersions.V2024_06_11 | ApiVersions.V2024_06_14 | ApiVersions.V2024_08_13;
    private const int HeldForMinutes = 5;

    private readonly Availability availability = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/slots/available", Legacy, List);
        table.Handle("POST", "/v2/slots/reserve", Legacy, Reserve);
        table.Handle("DELETE", "/v2/slots/selected-slot", Legacy, Release);
    }

    private Answer List(Call call)
    {
        var input = new Validation(new JsonObject { ["startTime"] = call.Ask("startTime"), ["endTime"] = call.Ask("endTime") });
        var start = input.RequiredTime("startTime");
        var end = input.RequiredTime("endTime");
        if (input.Refusal is not null)
            return input.Refusal;
        if (end < start)
            return Answer.BadRequest("Invalid time range given - check the 'startTime' and 'endTime' query parameters.");
        if (TypeOf(call) is not { } type)
            return Answer.NotFound("Event Type not found");

        var isRange = string.Equals(call.Ask("slotFormat"), "range", StringComparison.OrdinalIgnoreCase);
        var slots = availability.Slots(type, start, end, movedUid: call.Ask("rescheduleUid"));
        var days = Slots.ByDay(slots, Availability.Zone(call.Ask("timeZone")), slot => isRange
            ? new JsonObject { ["startTime"] = Json.Time(slot), ["endTime"] = Json.Time(slot.AddMinutes(type.Length)) }
            : new JsonObject { ["time"] = Json.Time(slot) });
        return Answer.Ok(new JsonObject { ["slots"] = days });
    }

    /// <summary>Reserves a slot even if it is reserved already: the first booking gets it.</summary>
    private Answer Reserve(Call call)
    {
        var input = new Validation(call.Body);
        var typeId = input.RequiredNumber("eventTypeId");
        var start = input.RequiredTime("slotUtcStartDate");
        var end = input.RequiredTime("slotUtcEndDate");
        if (input.Refusal is not null)
            return input.Refusal;
        if (account.AnyEventType(typeId) is null)
            return Answer.NotFound("Event Type not found");

        var uid = Guid.NewGuid().ToString();
        if (call.Body.Flag("_isDryRun") != true)
            account.Reservations[uid] = new Reservation(uid, typeId, start, (int)(end - start).TotalMinutes, HeldForMinutes, account.Now.AddMinutes(HeldForMinutes));
        return Answer.Created(uid);
    }

    private Answer Release(Call call)
    {
        if (call.Ask("uid") is { } uid)
            account.Reservations.Remove(uid);
        return new Answer(200, new JsonObject { ["status"] = "success" });
    }

    private EventType? TypeOf(Call call) => call.AskNumber("eventTypeId") is { } id
        ? account.AnyEventType(id)
        : account.EventTypes.Values.FirstOrDefault(type => type.TeamId is null && type.Slug == call.Ask("eventTypeSlug") && IsOwner(call.Ask("usernameList[]")));

    private bool IsOwner(string? username) => account.Owner.Username.Equals(username, StringComparison.OrdinalIgnoreCase);
}
