using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace CalGateway.Access.View;

/// <summary>
/// What strangers may see of a list of event types that the owner's key was answered: what is not hidden and, of that, what the owner's
/// booking page shows. Members are named that may pass, so that what Cal.com adds stays the owner's until somebody has looked at it.
/// </summary>
internal static class StrangersView
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

    /// <summary>Free-form objects: whatever somebody has put into them is not for strangers.</summary>
    private static readonly string[] Emptied = ["metadata"];

    /// <summary>Null for what is no list of event types: then nothing of it may pass.</summary>
    public static JsonNode? Of(JsonNode? answer)
    {
        if (answer is not JsonObject envelope || !envelope.ContainsKey("data"))
            return null;

        return Seen(envelope);
    }

    private static JsonNode? Seen(JsonNode? node) => node switch
    {
        JsonObject thing => SeenThing(thing),
        JsonArray list => new JsonArray([.. list.Where(item => !IsHidden(item)).Select(Seen)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject SeenThing(JsonObject thing)
    {
        var seen = new JsonObject();
        foreach (var (name, value) in thing)
        {
            if (Members.Contains(name))
                seen[name] = Emptied.Contains(name) ? new JsonObject() : Seen(value);
        }

        return seen;
    }

    /// <summary>Anything else than a plain "no" counts as hidden.</summary>
    private static bool IsHidden(JsonNode? item) =>
        item is JsonObject thing && thing.TryGetPropertyValue("hidden", out var hidden) && hidden is not null
        && !(hidden is JsonValue value && value.TryGetValue<bool>(out var isHidden) && !isHidden);
}
