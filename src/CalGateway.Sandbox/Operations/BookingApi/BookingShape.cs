using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>How a booking looks from 2024-08-13 on.</summary>
internal static class BookingShape
{
    public static JsonObject Of(Booking booking, Account account)
    {
        var json = new JsonObject
        {
            ["id"] = booking.Id,
            ["uid"] = booking.Uid,
            ["title"] = booking.Title,
            ["description"] = "",
            ["hosts"] = new JsonArray(HostOf(account.Owner)),
            ["status"] = booking.IsCancelled ? "cancelled" : "accepted",
            ["cancellationReason"] = booking.CancellationReason,
            ["cancelledByEmail"] = booking.IsCancelled ? account.Owner.Email : "",
        };
        Add(json, "reschedulingReason", booking.ReschedulingReason);
        Add(json, "rescheduledFromUid", booking.RescheduledFromUid);
        Add(json, "rescheduledToUid", booking.RescheduledToUid);
        json["start"] = Json.Time(booking.Start);
        json["end"] = Json.Time(booking.End);
        json["duration"] = booking.Minutes;
        json["eventTypeId"] = booking.EventTypeId;
        json["eventType"] = new JsonObject { ["id"] = booking.EventTypeId, ["slug"] = account.AnyEventType(booking.EventTypeId)?.Slug };
        json["meetingUrl"] = booking.Location;
        json["location"] = booking.Location;
        json["absentHost"] = false;
        json["createdAt"] = Json.Time(booking.CreatedAt);
        json["updatedAt"] = Json.Time(booking.UpdatedAt);
        json["metadata"] = booking.Metadata?.DeepClone() ?? new JsonObject();
        json["icsUid"] = $"{booking.Uid}@Cal.com";
        json["attendees"] = new JsonArray(AttendeeOf(booking.Attendee));
        if (booking.Guests is not null)
            json["guests"] = booking.Guests.DeepClone();
        json["bookingFieldsResponses"] = ResponsesOf(booking);
        return json;
    }

    private static JsonObject HostOf(User owner) => new()
    {
        ["id"] = owner.Id,
        ["name"] = owner.Name,
        ["email"] = owner.Email,
        ["displayEmail"] = owner.Email,
        ["username"] = owner.Username,
        ["timeZone"] = owner.TimeZone,
    };

    private static JsonObject AttendeeOf(Attendee attendee)
    {
        var json = new JsonObject
        {
            ["name"] = attendee.Name,
            ["email"] = attendee.Email,
            ["displayEmail"] = attendee.Email,
            ["timeZone"] = attendee.TimeZone,
            ["language"] = attendee.Language,
            ["absent"] = false,
        };
        Add(json, "phoneNumber", attendee.PhoneNumber);
        return json;
    }

    private static JsonObject ResponsesOf(Booking booking)
    {
        var responses = (JsonObject?)booking.Responses?.DeepClone() ?? [];
        responses["email"] = booking.Attendee.Email;
        responses["name"] = booking.Attendee.Name;
        return responses;
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null)
            json[name] = value;
    }
}
