using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>The body of a new booking before 2024-08-13: who books stands in the responses of the form. A newer body is refused, and lacks most of this.</summary>
internal sealed record LegacyBookingInput(int EventTypeId, DateTimeOffset Start, Attendee Attendee, JsonObject? Metadata, JsonObject? Responses, Answer? Refusal)
{
    public static LegacyBookingInput Read(JsonObject body)
    {
        var input = new Validation(body);
        var start = input.RequiredTime("start");
        var typeId = input.RequiredNumber("eventTypeId");
        var zone = input.RequiredText("timeZone");
        var language = input.RequiredText("language");
        var metadata = body["metadata"] as JsonObject;
        if (metadata is null)
            input.Fail("metadata", ("isObject", "metadata must be an object"));
        var responses = body["responses"] as JsonObject;
        if (responses is null)
            input.Fail("responses", ("nestedValidation", "nested property responses must be either object or array"));
        else
            Examine(responses, input);

        var attendee = new Attendee(NameOf(responses), responses?.Text("email") ?? "", zone, language, null);
        return new LegacyBookingInput(
            typeId, start, attendee, (JsonObject?)metadata?.DeepClone(), (JsonObject?)responses?.DeepClone(), input.Refusal);
    }

    private static void Examine(JsonObject responses, Validation input)
    {
        if (NameOf(responses).Length == 0)
        {
            input.Fail("responses", (
                "validateBookingName", "Name must be either a non-empty string or an object with non-empty firstName and lastName"));
        }

        if (responses.Text("email") is { Length: > 0 } email && !email.Contains('@', StringComparison.Ordinal))
            input.Fail("responses", ("customValidation", "Invalid response email"));
    }

    private static string NameOf(JsonObject? responses) => responses?["name"] switch
    {
        JsonObject parts => $"{parts.Text("firstName")} {parts.Text("lastName")}".Trim(),
        JsonValue value when value.TryGetValue<string>(out var name) => name.Trim(),
        _ => "",
    };
}
