using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Operations.SlotApi;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>Bookings from 2024-08-13 on: create, read, cancel, reschedule.</summary>
internal sealed class Bookings(Account account)
{
    private const ApiVersions Current = ApiVersions.V2024_08_13 | ApiVersions.V2026_02_25 | ApiVersions.V2026_05_01;
    private const string Single = "/v2/bookings/{bookingUid}";

    private const string Taken = "User either already has booking at this time or is not available";
    private const string OneLength =
        "Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths. "
        + "Please, remove the 'lengthInMinutes' field from the request.";

    private const string Past = "Attempting to book a meeting in the past.";

    private readonly Availability availability = new(account);
    private readonly BookingList list = new(account);

    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/bookings", Current, list.Answer);
        table.Handle("POST", "/v2/bookings", Current, Create);
        table.Handle("GET", Single, Current, call => Find(call) is { } booking ? Answer.Ok(Shape(booking)) : Missing(call));
        table.Handle("POST", Single + "/cancel", Current, Cancel);
        table.Handle("POST", Single + "/reschedule", Current, Reschedule);
    }

    private Answer Create(Call call)
    {
        var input = BookingInput.Read(call.Body);
        if (input.Refusal is not null)
            return input.Refusal;
        if (EventTypeOf(call.Body) is not { } type)
            return UnknownEventType(call.Body);
        if (input.Minutes is { } minutes && minutes != type.Length)
            return Answer.BadRequest(OneLength);
        if (Unavailable(type, input.Start, type.Length) is { } refusal)
            return refusal;

        var attendee = input.Attendee;
        var title = $"{type.Title} between {account.Owner.Name} and {attendee.Name}";
        return Answer.Created(Shape(Keep(new Booking(
            account.NextId(), Identifiers.BookingUid(), type.Id, title, input.Start, type.Length, attendee, account.Now)
        {
            Location = input.Location ?? "integrations:daily",
            Metadata = (JsonObject?)call.Body["metadata"]?.DeepClone(),
            Responses = call.Body["bookingFieldsResponses"]?.DeepClone() as JsonObject,
            Guests = call.Body["guests"]?.DeepClone() as JsonArray,
        })));
    }

    private Answer Cancel(Call call)
    {
        if (Find(call) is not { } booking)
            return Answer.NotFound($"Booking with uid={call.Route["bookingUid"]} not found");
        if (booking.IsCancelled)
        {
            return Answer.BadRequest(
                $"Can't cancel booking with uid={booking.Uid} because it has been cancelled already. "
                + "Please provide uid of a booking that is not cancelled.");
        }

        if (booking.End < account.Now)
            return new Answer(400, new JsonObject { ["statusCode"] = 400, ["message"] = "Cannot cancel a booking that has already ended" });

        return Answer.Ok(Shape(Keep(booking with
        {
            IsCancelled = true,
            CancellationReason = call.Body.Text("cancellationReason") ?? "",
            UpdatedAt = account.Now,
        })));
    }

    private Answer Reschedule(Call call)
    {
        if (Json.ParseTime(call.Body.Text("start")) is not { } start)
            return Answer.BadRequest("start property is wrong,start must be a valid ISO 8601 date string ");
        if (Find(call) is not { } booking)
            return Missing(call);
        if (booking.IsCancelled)
            return Answer.BadRequest(CannotMove(booking));
        if (account.AnyEventType(booking.EventTypeId) is not { } type)
            return Answer.NotFound($"Booking with uid={booking.Uid} is missing event type");
        if (Unavailable(type, start, booking.Minutes, booking.Uid) is { } refusal)
            return refusal;

        var reason = call.Body.Text("reschedulingReason");
        var moved = booking with
        {
            Id = account.NextId(),
            Uid = Identifiers.BookingUid(),
            Start = start,
            ReschedulingReason = reason,
            RescheduledFromUid = booking.Uid,
            CreatedAt = account.Now,
            UpdatedAt = account.Now,
        };
        Keep(booking with { IsCancelled = true, ReschedulingReason = reason, RescheduledToUid = moved.Uid, UpdatedAt = account.Now });
        return Answer.Created(Shape(Keep(moved)));
    }

    private Answer? Unavailable(EventType type, DateTimeOffset start, int minutes, string? movedUid = null)
    {
        if (start < account.Now)
            return Answer.BadRequest(Past);

        return availability.IsOpen(type, start, minutes, movedUid) ? null : Answer.BadRequest(Taken);
    }

    private EventType? EventTypeOf(JsonObject body) => body.Number("eventTypeId") is { } id
        ? account.AnyEventType(id)
        : account.EventTypes.Values.FirstOrDefault(type => type.TeamId is null
            && type.Slug == body.Text("eventTypeSlug")
            && account.Owner.Username.Equals(body.Text("username"), StringComparison.OrdinalIgnoreCase));

    private Booking? Find(Call call) => account.Bookings.GetValueOrDefault(call.Route["bookingUid"]);

    private Booking Keep(Booking booking) => account.Bookings[booking.Uid] = booking;

    private JsonObject Shape(Booking booking) => BookingShape.Of(booking, account);

    private static string CannotMove(Booking booking) => booking.RescheduledToUid is { } to
        ? $"Can't reschedule booking with uid={booking.Uid} because it has been cancelled and rescheduled already to booking with uid={to}. "
            + $"You probably want to reschedule {to} instead by passing it within the request URL."
        : $"Can't reschedule booking with uid={booking.Uid} because it has been cancelled. "
            + "Please provide uid of a booking that is not cancelled.";

    private static Answer UnknownEventType(JsonObject body) => Answer.NotFound(body.Text("username") is { } username
        ? $"Event type with slug {body.Text("eventTypeSlug")} belonging to user {username} not found."
        : $"Event type with id {body.Number("eventTypeId")} not found.");

    private static Answer Missing(Call call) => Answer.NotFound($"Booking with uid={call.Route["bookingUid"]} was not found in the database");
}
