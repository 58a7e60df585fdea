using CalGateway.CalCom.Admission;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// Decides whether one more request may be sent with a key in the current window, from the window's count, the consumers' shares, and what the settings keep for
/// some classes of requests. Not thread-safe: <see cref="QuotaAccount"/> holds a lock.
/// </summary>
internal sealed class KeyBudget(Func<QuotaOptions> options)
{
    public ConsumerTable Consumers { get; } = new();

    public QuotaWindow Window { get; } = new();

    public int Windows { get; private set; }

    /// <summary>True if the quota is switched on and the upstream counts requests. Before the first answer it is assumed that it does.</summary>
    public bool IsCounting => options().Enabled && Window.IsCounted != false;

    private bool IsKnown => Window.IsCounted == true && Window.Ends is not null;

    /// <summary>Begins a new window if the current one is over. Returns true if it did.</summary>
    public bool Roll(TimeSpan now)
    {
        if (!Window.Roll(now))
            return false;

        Windows++;
        Consumers.BeginWindow();
        return true;
    }

    /// <summary>Whether the request may be sent: its class has something left, and its consumer's share or what the others do not want allows it.</summary>
    public bool MayTake(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        Divide(now);
        return FairShares.MayTake(consumer, Consumers.Active, Free(demand.Class, now), isWrite: demand.Class == RequestClass.Write);
    }

    /// <summary>
    /// As <see cref="MayTake"/>, if Cal.com's last count already includes the requests on their way. Whether it does is known when they are answered; until then
    /// they are counted twice here. A request that only this double count forbids should wait for the answers instead of being refused.
    /// </summary>
    public bool MayTakeOnceAnswered(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now) =>
        Window.InFlight > 0 && Window.Counted > 0
        && FairShares.MayTake(consumer, Consumers.Active, Free(demand.Class, now, Window.LeftOnceAnswered), isWrite: demand.Class == RequestClass.Write);

    /// <summary>The limit for a consumer's waiting requests: its share of a window, but at least 1.</summary>
    public double MaxWaiting(ConsumerUse consumer) =>
        Math.Max(1, Math.Ceiling(Window.Limit * consumer.Share / Consumers.Active.Sum(other => other.Share)));

    /// <summary>How many requests of a window a class must leave to the classes before it.</summary>
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

    /// <summary>How many requests of a class may be sent now; null if the upstream does not count or no window runs. Negative if others already use what is kept.</summary>
    public int? FreeFor(RequestClass @class, TimeSpan now) => IsKnown ? Free(@class, now) : null;

    public QuotaState Read(TimeSpan now)
    {
        var uses = Consumers.Active.Where(consumer => consumer.AsksHere).Select(consumer => new ConsumerState(consumer.Name, consumer.Used, consumer.Refused, consumer.Waiting));
        return new QuotaState(Window.Limit, IsKnown ? Window.Left : null, Window.ResetsIn(now), Window.Length, Window.Foreign, [.. uses]);
    }

    /// <summary>A consumer's share of the current window, and how much of it is left; null if the upstream does not count.</summary>
    /// <param name="name">The consumer's name; null for callers without one.</param>
    public QuotaBudget? BudgetOf(string? name, TimeSpan now)
    {
        if (Window.IsCounted == false)
            return null;

        Divide(now);
        var free = Math.Max(0, Free(RequestClass.Read, now));
        var own = Consumers.Active.FirstOrDefault(consumer => consumer.AsksHere && string.Equals(consumer.Name, name, StringComparison.OrdinalIgnoreCase));
        if (own is null || Consumers.Active.Count < 2)
            return new QuotaBudget(Window.Limit, free, Window.Length, Window.ResetsIn(now));

        var needed = Consumers.Active.Where(consumer => consumer != own).Sum(consumer => consumer.Need);
        var left = Math.Clamp(Math.Max((int)Math.Round(own.Protected) - own.TotalUsed, free - needed), 0, free);
        return new QuotaBudget((int)Math.Round(own.Fair), left, Window.Length, Window.ResetsIn(now));
    }

    private void Divide(TimeSpan now) => Consumers.Divide(
        capacity: Window.Limit - Window.Foreign - Window.ForeignToCome(now), kept: Kept(RequestClass.Read),
        rest: Window.Ends is { } ends ? Math.Clamp((ends - now) / Window.Length, 0, 1) : 1, now);

    private int Free(RequestClass @class, TimeSpan now) => Free(@class, now, Window.Left);

    /// <summary>
    /// How many requests are left for a class. After an outage one read may use what is kept for writes, because its answer tells what Cal.com has counted.
    /// </summary>
    private int Free(RequestClass @class, TimeSpan now, int left) =>
        left - Window.ForeignToCome(now) - (@class == RequestClass.Read && Window.IsUncertain ? 0 : Kept(@class));
}
