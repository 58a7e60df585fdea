namespace CalGateway.Sandbox.Edge;

/// <summary>The operations that have a limit of their own, each under a name of its own.</summary>
internal static class OperationLimits
{
    private static readonly Dictionary<(string Method, string Template), (string Name, int Limit)> All = new()
    {
        [("POST", "/v2/atoms/verification/email/send-code")] = ("atoms_verification_email_send_code", 3),
        [("POST", "/v2/bookings/{bookingUid}/attendees")] = ("booking_attendees_add", 5),
        [("DELETE", "/v2/bookings/{bookingUid}/attendees/{attendeeId}")] = ("booking_attendees_remove", 5),
        [("POST", "/v2/bookings/{bookingUid}/guests")] = ("booking_guests_add", 5),
        [("PATCH", "/v2/bookings/{bookingUid}/location")] = ("booking_location_update", 5),
        [("POST", "/v2/teams/{teamId}/verified-resources/emails/verification-code/request")] = ("teams_verified_resources_emails_requests", 5),
        [("POST", "/v2/teams/{teamId}/verified-resources/phones/verification-code/request")] = ("teams_verified_resources_phones_requests", 3),
        [("POST", "/v2/verified-resources/emails/verification-code/request")] = ("users_verified_resources_emails_requests", 5),
        [("POST", "/v2/verified-resources/phones/verification-code/request")] = ("users_verified_resources_phones_requests", 3),
    };

    public static (string Name, int Limit)? Find(string method, string template) => All.TryGetValue((method, template), out var own) ? own : null;
}
