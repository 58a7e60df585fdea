using System.Text;

namespace CalGateway.Benchmarks;

/// <summary>What every server here answers with: three event types, some two kilobytes.</summary>
internal static class Payload
{
    public static readonly byte[] List = Encoding.UTF8.GetBytes(
        "{\"status\":\"success\",\"data\":[" + string.Join(',', Enumerable.Range(3928133, 3).Select(EventType)) + "]}");

    private static string EventType(int id) =>
        $$"""
        {"id":{{id}},"lengthInMinutes":30,"title":"Meeting {{id}}","slug":"meeting-{{id}}","description":"","locations":[{"type":"integration","integration":"cal-video"}],
        "bookingFields":[{"type":"name","slug":"name","required":true},{"type":"email","slug":"email","required":true},{"type":"textarea","slug":"notes","required":false}],
        "recurrence":null,"disableGuests":false,"slotInterval":null,"minimumBookingNotice":120,"beforeEventBuffer":0,"afterEventBuffer":0,"metadata":{},"price":0,
        "currency":"usd","lockTimeZoneToggleOnBookingPage":false,"hidden":false,"ownerId":1,"users":[{"id":1,"name":"Olivia Owner","username":"owner","avatarUrl":null}]}
        """.ReplaceLineEndings("");
}
