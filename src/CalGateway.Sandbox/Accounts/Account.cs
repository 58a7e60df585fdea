using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Accounts;

/// <summary>All the state there is: one user, who has a team in an organisation. One lock guards it; operations are short.</summary>
internal sealed class Account
{
    private readonly Lock gate = new();
    private int lastId = 4_000_000;

    public Account(SandboxOptions options)
    {
        Time = options.TimeProvider;
        Keys = new Keys(options.ApiKey);
        Owner = Seed.Owner(options.Username);
        Seed.Fill(this);
    }

    public TimeProvider Time { get; }

    public Keys Keys { get; }

    public User Owner { get; set; }

    public Dictionary<int, Team> Teams { get; } = [];

    public SortedDictionary<int, EventType> EventTypes { get; } = [];

    public SortedDictionary<int, Schedule> Schedules { get; } = [];

    public Dictionary<string, Booking> Bookings { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Reservation> Reservations { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Webhook> Webhooks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PrivateLink> PrivateLinks { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<int, VerifiedEmail> VerifiedEmails { get; } = [];

    /// <summary>Increases with every call that may have changed something, so that answers can be kept until then.</summary>
    public long Revision { get; private set; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public int NextId() => ++lastId;

    public Answer Handle(Handler handler, Call call)
    {
        lock (gate)
        {
            if (call.Route.Operation.Method != "GET")
                Revision++;
            return handler(call);
        }
    }

    public T Read<T>(Func<Account, T> reader)
    {
        lock (gate)
            return reader(this);
    }

    /// <summary>An event type of the user's own; null for another's, a team's, or none.</summary>
    public EventType? OwnEventType(int? id) =>
        id is { } known && EventTypes.TryGetValue(known, out var type) && type.TeamId is null ? type : null;

    public EventType? AnyEventType(int? id) => id is { } known && EventTypes.TryGetValue(known, out var type) ? type : null;

    public Schedule? DefaultSchedule() => Schedules.Values.FirstOrDefault(schedule => schedule.IsDefault);
}
