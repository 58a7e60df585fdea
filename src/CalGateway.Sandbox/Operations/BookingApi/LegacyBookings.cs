using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Operations.SlotApi;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>Bookings as the versions before 2024-08-13 have them: wrapped lists, startTime, statuses in capitals.</summary>
internal sealed class LegacyBookings(Account account)
{
    private const ApiVersions Legacy = ApiVersions.V2024_04_15 | ApiVersions.V2024_06_11 | ApiVersions.V2024_06_14;
    private const string Single = "/v2/bookings/{bookingUid}";

    private readonly Availability availability = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/bookings", Legacy, List);
        table.Handle("POST", "/v2/bookings", Legacy, Create);
        table.Handle("GET", Single, Legacy, call => Find(call) is { } booking ? Answer.Ok(Shape(booking)) : Missing(call));
        table.Handle("POST", Single + "/cancel", Legacy, Cancel);
    }

    private Answer List(Call call)
    {
        var bookings = account.Bookings.Values.OrderBy(booking => booking.Start).Select(Shape);
        return Answer.Ok(new JsonObject { ["bookings"] = Json.ArrayOf(bookings), ["recurringInfo"] = new JsonArray(), ["nextCursor"] = null });
    }

    private Answer Create(Call call)
    {
        var input = LegacyBookingInput.Read(call.Body);
        if (input.Refusal is not null)
            return input.Refusal;
        if (account.AnyEventType(input.EventTypeId) is not { } type)
            return Refused(404, "event_type_not_found");

        // A held slot can be booked: the visitor who holds it is the one who books.
        if (input.Start < account.Now || !availability.IsOpen(type, input.Start, type.Length, heldCount: false))
            return Refused(409, "no_available_users_found_error");

        var title = $"{type.Title} between {account.Owner.Name} and {input.Attendee.Name}";
        var booking = new Booking(account.NextId(), Identifiers.BookingUid(), type.Id, title, input.Start, type.Length, input.Attendee, account.Now)
        {
            Metadata = input.Metadata,
            Responses = input.Responses,
        };
        account.Bookings[booking.Uid] = booking;
        return Answer.Created(Shape(booking));
    }

    private Answer Cancel(Call call)
    {
        if (Find(call) is not { } booking)
            return Missing(call);

        account.Bookings[booking.Uid] = booking with { IsCancelled = true, CancellationReason = call.Body.Text("cancellationReason") ?? "", UpdatedAt = account.Now };
        return Answer.Created(new JsonObject());
    }

    private Booking? Find(Call call) => account.Bookings.GetValueOrDefault(call.Route["bookingUid"]);

    private JsonObject Shape(Booking booking) => new()
    {
        ["id"] = booking.Id,
        ["uid"] = booking.Uid,
        ["title"] = booking.Title,
        ["description"] = null,
        ["startTime"] = Json.Time(booking.Start),
        ["endTime"] = Json.Time(booking.End),
        ["status"] = booking.IsCancelled ? "CANCELLED" : "ACCEPTED",
        ["location"] = booking.Location,
        ["paid"] = false,
        ["metadata"] = booking.Metadata?.DeepClone() ?? new JsonObject(),
        ["eventTypeId"] = booking.EventTypeId,
        ["attendees"] = new JsonArray(new JsonObject { ["name"] = booking.Attendee.Name, ["email"] = booking.Attendee.Email, ["timeZone"] = booking.Attendee.TimeZone }),
        ["user"] = new JsonObject { ["id"] = account.Owner.Id, ["name"] = account.Owner.Name, ["email"] = account.Owner.Email },
    };

    // The old controller wraps errors of the shared packages with a bare text for details.
    private static Answer Refused(int status, string message) => Answer.Refuse(status, "HttpException", message, message);

    private static Answer Missing(Call call) => Answer.NotFound($"Booking with UID={call.Route["bookingUid"]} does not exist.");
}
