using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Accounts;

/// <summary>What the account has when it starts.</summary>
internal static class Seed
{
    private const int OwnerId = 1;

    public static User Owner(string username) =>
        new(OwnerId, username, $"{username}@example.com", "Olivia Owner", "UTC", "Sunday", 12, null);

    public static void Fill(Account account)
    {
        account.Teams[7] = new Team(7, 11, "Support", "support");
        account.Schedules[101] = WorkingHours();

        Add(account, new EventType(3928133, null, "15 Min Meeting", "15min", 15, "", false, null, []));
        Add(account, new EventType(3928135, null, "30 Min Video Call", "30min-video-call", 30, "", false, null, []));
        Add(account, new EventType(3928134, null, "Secret Meeting", "secret", 15, "", true, null, []));
        Add(account, new EventType(3928140, 7, "Support Call", "support-call", 30, "", false, null, new JsonObject { ["schedulingType"] = "roundRobin" }));
        Add(account, new EventType(3928141, 7, "Onboarding", "onboarding", 60, "", false, null, new JsonObject { ["schedulingType"] = "collective" }));

        var monday = NextMonday(account.Now);
        Add(account, Meeting(5001, "hJQ4wGkN7vTzcR2bXyLm9P", monday.AddHours(10), "Ada Caller", "ada@example.com", account));
        Add(account, Meeting(5002, "m3XvKqYtB8sDfWn6ZrCa1E", monday.AddDays(1).AddHours(14), "Grace Caller", "grace@example.com", account));

        account.Webhooks["6f0c1f0e-6a1d-4c65-9d0b-0d9f6f6f2b11"] = new Webhook(
            "6f0c1f0e-6a1d-4c65-9d0b-0d9f6f6f2b11", null, "https://hooks.example.com/cal", true, ["BOOKING_CREATED", "BOOKING_CANCELLED"], null, null);
        account.VerifiedEmails[601] = new VerifiedEmail(601, account.Owner.Email, null);
        account.VerifiedEmails[602] = new VerifiedEmail(602, "support@example.com", 7);
    }

    public static JsonArray WeekdaysNineToFive() =>
    [
        new JsonObject
        {
            ["days"] = new JsonArray("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
            ["startTime"] = "09:00",
            ["endTime"] = "17:00",
        },
    ];

    private static Schedule WorkingHours() => new(101, "Working hours", "UTC", true, WeekdaysNineToFive(), []);

    private static Booking Meeting(int id, string uid, DateTimeOffset start, string name, string email, Account account) =>
        new(
            id,
            uid,
            3928133,
            $"15 Min Meeting between {account.Owner.Name} and {name}",
            start,
            15,
            new Attendee(name, email, "Europe/Berlin", "en", null),
            account.Now);

    private static DateTimeOffset NextMonday(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return today.AddDays(((int)DayOfWeek.Monday - (int)today.DayOfWeek + 6) % 7 + 1);
    }

    private static void Add(Account account, EventType type) => account.EventTypes[type.Id] = type;

    private static void Add(Account account, Booking booking) => account.Bookings[booking.Uid] = booking;
}
