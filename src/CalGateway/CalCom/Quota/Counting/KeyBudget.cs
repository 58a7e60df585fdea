using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// What one key has in the window that runs, and who may take one of it: the window's count, the consumers' shares, and what the settings keep for some
/// classes of requests. It decides and nothing else; not safe for several threads.
/// </summary>
internal sealed class KeyBudget(Func<QuotaOptions> options)
{
    private readonly ConsumerTable _consumers = new();

    public QuotaWindow Window { get; } = new();

    /// <summary>How many windows have ended.</summary>
    public int Windows { get; private set; }

    /// <summary>True where the settings and the upstream have requests counted. Before the first answer it is assumed that the upstream counts.</summary>
    public bool IsCounting => options().Enabled && Window.IsCounted != false;

    private bool IsKnown => Window.IsCounted == true && Window.Ends is not null;

    /// <summary>Counts that a consumer asks.</summary>
    public ConsumerUse Ask(in UpstreamDemand demand) => _consumers.Ask(demand.Consumer, demand.Share);

    /// <summary>What the consumers that ask here asked for and got.</summary>
    public IEnumerable<ConsumerReport> Report() => _consumers.Report();

    /// <summary>Takes in what other gateways report of their consumers in the window that runs.</summary>
    public void Receive(IEnumerable<ConsumerReport> others) => _consumers.Receive(others);

    /// <summary>True where a window has ended, and with it what was counted.</summary>
    public bool Roll(TimeSpan now)
    {
        if (!Window.Roll(now))
            return false;

        Windows++;
        _consumers.BeginWindow();
        return true;
    }

    /// <summary>Whether there is one for the request, of what its class may use and the other consumers are not owed.</summary>
    public bool MayTake(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        Divide(now);
        return FairShares.MayTake(consumer, _consumers.Active, Free(demand.Class, now), isWrite: demand.Class == RequestClass.Write);
    }

    /// <summary>
    /// Whether there may turn out to be one as soon as requests under way are answered. Cal.com's count may include them or not, so that until then both
    /// count here. Whoever is refused only for that would be refused wrongly.
    /// </summary>
    public bool MayTakeOnceAnswered(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now) =>
        Window.InFlight > 0 && Window.Counted > 0
        && FairShares.MayTake(consumer, _consumers.Active, Free(demand.Class, now, Window.LeftOnceAnswered), isWrite: demand.Class == RequestClass.Write);

    /// <summary>How many requests of a consumer may wait at once: its share of a window.</summary>
    public double MostWaiting(ConsumerUse consumer) =>
        Math.Max(1, Math.Ceiling(Window.Limit * consumer.Share / _consumers.Active.Sum(other => other.Share)));

    /// <summary>What is kept from a class of requests.</summary>
    public int Kept(RequestClass @class)
    {
        var settings = options();
        var part = @class switch
        {
            RequestClass.Write => 0,
            RequestClass.Read => settings.KeptForWrites,
            RequestClass.Refresh => Math.Max(settings.KeptForWrites, settings.KeptFromRefreshes),
            _ => Math.Max(settings.KeptForWrites, settings.KeptFromCuriosity),
        };
        return (int)(part * Window.Limit);
    }

    /// <summary>What a class of requests may use at once; null where nothing is known.</summary>
    public int? FreeFor(RequestClass @class, TimeSpan now) => IsKnown ? Free(@class, now) : null;

    public QuotaState Read(TimeSpan now)
    {
        var uses = _consumers.Active.Where(consumer => consumer.AsksHere).Select(consumer => new ConsumerState(consumer.Name, consumer.Used, consumer.Refused, consumer.Waiting));
        return new QuotaState(Window.Limit, IsKnown ? Window.Left : null, Window.ResetsIn(now), Window.Length, Window.Foreign, [.. uses]);
    }

    /// <summary>What a consumer has of the window that runs, and what is left of that for it; null where the upstream does not count.</summary>
    /// <param name="name">The consumer's name; null for those without one.</param>
    /// <param name="now">The moment.</param>
    public QuotaBudget? BudgetOf(string? name, TimeSpan now)
    {
        if (Window.IsCounted == false)
            return null;

        Divide(now);
        var free = Math.Max(0, Free(RequestClass.Read, now));
        var own = _consumers.Active.FirstOrDefault(consumer => consumer.AsksHere && string.Equals(consumer.Name, name, StringComparison.OrdinalIgnoreCase));
        if (own is null || _consumers.Active.Count < 2)
            return new QuotaBudget(Window.Limit, free, Window.Length, Window.ResetsIn(now));

        var needed = _consumers.Active.Where(consumer => consumer != own).Sum(consumer => consumer.Need);
        var left = Math.Clamp(Math.Max((int)Math.Round(own.Protected) - own.TotalUsed, free - needed), 0, free);
        return new QuotaBudget((int)Math.Round(own.Fair), left, Window.Length, Window.ResetsIn(now));
    }

    private void Divide(TimeSpan now) => _consumers.Divide(
        capacity: Window.Limit - Window.Foreign - Window.ForeignToCome(now), kept: Kept(RequestClass.Read),
        rest: Window.Ends is { } ends ? Math.Clamp((ends - now) / Window.Length, 0, 1) : 1, now);

    private int Free(RequestClass @class, TimeSpan now) => Free(@class, now, Window.Left);

    /// <summary>What is left for a class of requests. After an outage one read may use what is kept for writes: its answer tells what Cal.com has counted.</summary>
    private int Free(RequestClass @class, TimeSpan now, int left) =>
        left - Window.ForeignToCome(now) - (@class == RequestClass.Read && Window.IsUncertain ? 0 : Kept(@class));
}
