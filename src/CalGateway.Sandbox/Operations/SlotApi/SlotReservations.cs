using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>Slots held while somebody fills in the form, at 2024-09-04.</summary>
internal sealed class SlotReservations(Account account)
{
    private const string Collection = "/v2/slots/reservations";
    private const string Single = "/v2/slots/reservations/{uid}";
    private const int UsualMinutes = 5;

    private readonly Availability availability = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("POST", Collection, ApiVersions.V2024_09_04, Create);
        table.Handle("GET", Single, ApiVersions.V2024_09_04, call => Answer.Ok(HeldBy(call) is { } held ? Shape(held) : null));
        table.Handle("PATCH", Single, ApiVersions.V2024_09_04, Update);
        table.Handle("DELETE", Single, ApiVersions.V2024_09_04, Delete);
    }

    private Answer Create(Call call)
    {
        if (call.Body["reservationDuration"] is not null && !call.IsOwner)
            return Answer.Unauthorized("reservationDuration can only be used for authenticated requests.");
        return Hold(call, Guid.NewGuid().ToString(), Answer.Created);
    }

    private Answer Update(Call call) => HeldBy(call) is { } held ? Hold(call, held.Uid, Answer.Ok) : Missing(call);

    private Answer Delete(Call call)
    {
        if (HeldBy(call) is not { } held)
            return Missing(call);

        account.Reservations.Remove(held.Uid);
        return new Answer(200, new JsonObject { ["status"] = "success" });
    }

    private Answer Hold(Call call, string uid, Func<JsonNode?, Answer> answer)
    {
        var input = new Validation(call.Body);
        var typeId = input.RequiredNumber("eventTypeId");
        var start = input.RequiredTime("slotStart");
        if (input.Refusal is not null)
            return input.Refusal;
        if (account.AnyEventType(typeId) is not { } type)
            return Answer.NotFound($"Event Type with ID={typeId} not found");

        account.Reservations.Remove(uid, out var before);
        var minutes = call.Body.Number("slotDuration") ?? type.Length;
        if (!availability.IsOpen(type, start, minutes))
        {
            if (before is not null)
                account.Reservations[uid] = before;
            return Answer.Refuse(422, "UnprocessableEntityException", "This slot is not available.", "This slot is not available.");
        }

        var heldFor = call.Body.Number("reservationDuration") ?? UsualMinutes;
        var held = account.Reservations[uid] = new Reservation(uid, typeId, start, minutes, heldFor, account.Now.AddMinutes(heldFor));
        return answer(Shape(held));
    }

    private Reservation? HeldBy(Call call) => account.Reservations.GetValueOrDefault(call.Route["uid"]);

    private static JsonObject Shape(Reservation held) => new()
    {
        ["eventTypeId"] = held.EventTypeId,
        ["slotStart"] = Json.Time(held.Start),
        ["slotEnd"] = Json.Time(held.Start.AddMinutes(held.Minutes)),
        ["slotDuration"] = held.Minutes,
        ["reservationUid"] = held.Uid,
        ["reservationDuration"] = held.HeldForMinutes,
        ["reservationUntil"] = Json.Time(held.Until),
    };

    private static Answer Missing(Call call) => Answer.NotFound($"Slot with uid={call.Route["uid"]} not found");
}
