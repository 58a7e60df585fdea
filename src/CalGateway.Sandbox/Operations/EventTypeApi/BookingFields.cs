using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>The questions of every event type to the person who books: the server's own fields, labelled by keys of its translations.</summary>
internal static class BookingFields
{
    private const string Always = "system";
    private const string UnlessHidden = "system-but-optional";

    public static JsonArray All() =>
    [
        Field("name", "name", "your_name", required: true, Always),
        Field("email", "email", "email_address", required: true, UnlessHidden),
        Location(),
        Field("notes", "textarea", "additional_notes", required: false, UnlessHidden),
        Field("guests", "multiemail", "additional_guests", required: false, UnlessHidden),
        Reason(),
    ];

    private static JsonObject Location()
    {
        var field = Field("location", "radioInput", "location", required: false, Always);
        field["getOptionsAt"] = "locations";
        field["hideWhenJustOneOption"] = true;
        field["optionsInputs"] = new JsonObject();
        return field;
    }

    private static JsonObject Reason()
    {
        var field = Field("rescheduleReason", "textarea", "reason_for_reschedule", required: false, UnlessHidden);
        field["views"] = new JsonArray(new JsonObject { ["id"] = "reschedule", ["label"] = "Reschedule View" });
        return field;
    }

    private static JsonObject Field(string name, string type, string label, bool required, string editable) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["defaultLabel"] = label,
        ["required"] = required,
        ["editable"] = editable,
        ["sources"] = new JsonArray(new JsonObject { ["id"] = "default", ["type"] = "default", ["label"] = "Default" }),
    };
}
