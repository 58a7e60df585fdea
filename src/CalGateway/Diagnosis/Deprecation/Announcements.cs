using System.Collections.Concurrent;
using CalGateway.Journey.Routes;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>
/// The deprecations that Cal.com has announced to one route, by operation and version. Part of the route's plan. It is kept in the next revision, without
/// those of versions that the route no longer asks for, and as a whole only while Cal.com's address stays.
/// </summary>
internal sealed class Announcements
{
    private readonly ConcurrentDictionary<(string Operation, string ApiVersion), Announced> _announced = new();

    /// <summary>What Cal.com still announces, by operation.</summary>
    public IEnumerable<DeprecationNotice> InForce => _announced.OrderBy(announced => announced.Key).Where(announced => !announced.Value.IsOver).Select(announced => announced.Value.Notice);

    /// <param name="inForce">The route's plan in the revision in force; null for a new route.</param>
    public static Announcements For(RoutePlan plan, RoutePlan? inForce, ConsumerPins pins)
    {
        if (inForce?.Part<Announcements>() is not { } former || inForce.UpstreamAddresses != plan.UpstreamAddresses)
            return new Announcements();
        if (former._announced.Keys.All(announced => pins.IsAsked(plan, announced.ApiVersion)))
            return former;

        var kept = new Announcements();
        foreach (var (key, announced) in former._announced)
        {
            if (pins.IsAsked(plan, key.ApiVersion))
                kept._announced[key] = announced;
        }

        return kept;
    }

    /// <summary>True if this is to be logged: once a day.</summary>
    public bool Record(string version, DeprecationNotice notice, DateTimeOffset now)
    {
        var announced = _announced.GetOrAdd((notice.Operation, version), static (_, notice) => new Announced(notice), notice);
        announced.Notice = notice;
        announced.IsOver = false;
        return announced.IsToBeLogged(now);
    }

    /// <summary>Cal.com has answered the operation without an announcement. The time of the last log line is kept in case it comes back.</summary>
    public void End(string version, string operation)
    {
        if (_announced.TryGetValue((operation, version), out var announced))
            announced.IsOver = true;
    }

    private sealed class Announced(DeprecationNotice notice)
    {
        private static readonly TimeSpan Day = TimeSpan.FromDays(1);

        private long _loggedAt;

        public DeprecationNotice Notice { get; set; } = notice;

        /// <summary>Cal.com no longer announces it.</summary>
        public bool IsOver { get; set; }

        /// <summary>True once a day, for one of several threads.</summary>
        public bool IsToBeLogged(DateTimeOffset now)
        {
            var last = Interlocked.Read(ref _loggedAt);
            return now.UtcTicks - last >= Day.Ticks && Interlocked.CompareExchange(ref _loggedAt, now.UtcTicks, last) == last;
        }
    }
}
