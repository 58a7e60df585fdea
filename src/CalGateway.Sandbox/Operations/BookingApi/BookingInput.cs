using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>The body of a new booking, or the refusal in the form of that version's own validation pipe: one line for all faults.</summary>
internal sealed record BookingInput(DateTimeOffset Start, Attendee Attendee, int? Minutes, string? Location, Answer? Refusal)
{
    public static BookingInput Read(JsonObject body)
    {
        List<string> faults = [];
        var start = Json.ParseTime(body.Text("start"));
        if (start is null)
            faults.Add("start property is wrong,start must be a valid ISO 8601 date string ");
        var attendee = AttendeeOf(body["attendee"] as JsonObject, faults);
        if (body.Number("eventTypeId") is null && (body.Text("eventTypeSlug") is null || (body.Text("username") ?? body.Text("teamSlug")) is null))
            faults.Add("eventTypeId property is wrong,Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be provided ");
        if (body["metadata"] is not (null or JsonObject))
            faults.Add("metadata property is wrong,metadata must be an object ");

        return faults.Count == 0
            ? new BookingInput(start!.Value, attendee!, body.Number("lengthInMinutes"), LocationOf(body["location"]), null)
            : new BookingInput(default, null!, null, null, Answer.BadRequest(string.Join(", ", faults)));
    }

    private static Attendee? AttendeeOf(JsonObject? json, List<string> faults)
    {
        if (json is null)
        {
            faults.Add("attendee property is wrong,attendee should not be null or undefined ");
            return null;
        }

        List<string> children = [];
        var (name, zone, email) = (json.Text("name"), json.Text("timeZone"), json.Text("email"));
        if (name is null)
            children.Add("name property is wrong,name must be a string ");
        if (zone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            children.Add("timeZone property is wrong,timeZone must be a valid IANA time-zone ");
        if (email is null && json.Text("phoneNumber") is null)
            children.Add("email property is wrong,At least one contact method (email or phoneNumber) must be provided ");
        else if (email is not null && !email.Contains('@', StringComparison.Ordinal))
            children.Add("email property is wrong,email must be an email ");
        if (children.Count > 0)
        {
            faults.Add("attendee property is wrong, " + string.Join(", ", children));
            return null;
        }

        return new Attendee(name!, email ?? "", zone!, json.Text("language") ?? "en", json.Text("phoneNumber"));
    }

    // An address, a link or a phone number is the location; anything else leaves the event type's own.
    private static string? LocationOf(JsonNode? location) => location switch
    {
        JsonObject json => json.Text("link") ?? json.Text("address") ?? json.Text("phone"),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => null,
    };
}
