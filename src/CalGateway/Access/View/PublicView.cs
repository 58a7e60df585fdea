using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace CalGateway.Access.View;

/// <summary>
/// What anonymous callers may see of a list of event types that was requested with the owner's key: event types that are not hidden and, of these, what the
/// owner's booking page shows. The members that may pass are listed, so that new ones of Cal.com's stay private until somebody has added them here.
/// </summary>
internal static class PublicView
{
    private static readonly FrozenSet<string> Members = new[]
    {
        // The envelope, in its present form and in the older one with groups.
        "status", "data", "pagination", "eventTypeGroups", "eventTypes", "bookerUrl", "profile",
        // An event type.
        "id", "title", "slug", "length", "lengthInMinutes", "lengthInMinutesOptions", "description", "descriptionAsSafeHTML", "hidden", "position",
        "bookingUrl", "teamId", "ownerId", "team", "parentEventTypeId", "schedulingType", "users", "hosts", "locations", "bookingFields", "recurrence",
        "recurringEvent", "price", "currency", "color", "requiresConfirmation", "confirmationPolicy", "disableGuests", "isInstantEvent", "seats", "seatsPerTimeSlot",
        "slotInterval", "offsetStart", "bookingWindow", "onlyShowFirstAvailableSlot", "lockTimeZoneToggleOnBookingPage", "interfaceLanguage",
        "bookingRequiresAuthentication", "disableCancelling", "disableRescheduling", "allowReschedulingPastBookings", "metadata",
        // A person, a team.
        "name", "username", "avatarUrl", "image", "logoUrl", "weekStart", "brandColor", "darkBrandColor",
        // Fields of the booking form, places, windows, prices.
        "type", "label", "required", "placeholder", "options", "isDefault", "integration", "public", "value", "rolling", "interval", "occurrences", "frequency",
        "lightThemeHex", "darkThemeHex", "showAttendeeInfo", "showAvailabilityCount", "disabled", "minLength", "maxLength", "inputType", "defaultLabel",
        "totalItems", "remainingItems", "returnedItems", "itemsPerPage", "currentPage", "totalPages", "hasNextPage", "hasPreviousPage",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Free-form objects, which may hold anything: they are emptied.</summary>
    private static readonly string[] Emptied = ["metadata"];

    /// <summary>Null for an answer that is no list of event types: then nothing of it may pass.</summary>
    public static JsonNode? Of(JsonNode? answer)
    {
        if (answer is not JsonObject envelope || !envelope.ContainsKey("data"))
            return null;

        return Visible(envelope);
    }

    private static JsonNode? Visible(JsonNode? node) => node switch
    {
        JsonObject thing => VisibleMembers(thing),
        JsonArray list => new JsonArray([.. list.Where(item => !IsHidden(item)).Select(Visible)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject VisibleMembers(JsonObject thing)
    {
        var visible = new JsonObject();
        foreach (var (name, value) in thing)
        {
            if (Members.Contains(name))
                visible[name] = Emptied.Contains(name) ? new JsonObject() : Visible(value);
        }

        return visible;
    }

    /// <summary>Every value of <c>hidden</c> other than false or null counts as hidden.</summary>
    private static bool IsHidden(JsonNode? item) =>
        item is JsonObject thing && thing.TryGetPropertyValue("hidden", out var hidden) && hidden is not null
        && !(hidden is JsonValue value && value.TryGetValue<bool>(out var isHidden) && !isHidden);
}
