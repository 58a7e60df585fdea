using CalGateway.CalCom.Quota.Sharing;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>The consumers that share one key, and how many requests each of them wants and was given.</summary>
internal sealed class ConsumerTable
{
    /// <summary>
    /// Up to this many consumers the shares are computed at each request; with more, at most once in <see cref="ShareLifetime"/>, because the time that it takes
    /// grows with their number.
    /// </summary>
    private const int MaxExactConsumers = 16;

    /// <summary>The maximum number of consumers that are known from other gateways only.</summary>
    private const int MaxElsewhere = 256;

    private static readonly TimeSpan ShareLifetime = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, ConsumerUse> _consumers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ConsumerUse> _byId = [];
    private List<ConsumerUse> _active = [];
    private TimeSpan _divided = TimeSpan.MinValue;

    public IReadOnlyList<ConsumerUse> Active => _active;

    /// <param name="name">The consumer's name; null for callers without one, who count as one consumer.</param>
    /// <param name="share">The consumer's weight; above 0.</param>
    public ConsumerUse Ask(string? name, double share)
    {
        if (!_consumers.TryGetValue(name ?? "", out var consumer))
        {
            _consumers[name ?? ""] = consumer = ById(ConsumerReport.IdOf(name));
            consumer.Name = name;
        }

        if (!consumer.IsActive)
            Activate(consumer);
        consumer.Asked++;
        consumer.Share = share;
        return consumer;
    }

    /// <summary>The consumers that asked at this gateway; those that asked most come first.</summary>
    public IEnumerable<ConsumerReport> Report() =>
        _active.Where(consumer => consumer.Asked > 0).OrderByDescending(consumer => consumer.Asked).Take(ConsumerReport.MaxReported)
            .Select(consumer => new ConsumerReport(consumer.Id, consumer.Share, consumer.Asked, consumer.Used));

    /// <param name="others">What all the other gateways report of the window that runs.</param>
    public void Receive(IEnumerable<ConsumerReport> others)
    {
        foreach (var consumer in _active)
            (consumer.AskedElsewhere, consumer.UsedElsewhere) = (0, 0);

        foreach (var report in others)
        {
            if (!_byId.ContainsKey(report.Id) && _byId.Count - _consumers.Count >= MaxElsewhere)
                continue;

            var consumer = ById(report.Id);
            Activate(consumer);
            consumer.AskedElsewhere += report.Asked;
            consumer.UsedElsewhere += report.Used;
            if (!consumer.AsksHere)
                consumer.Share = report.Share;
        }

        _divided = TimeSpan.MinValue;
    }

    private ConsumerUse ById(string id)
    {
        if (!_byId.TryGetValue(id, out var consumer))
            _byId[id] = consumer = new ConsumerUse(id);
        return consumer;
    }

    /// <summary>Does nothing for an active consumer: one that no other gateway reports any more stays active until the window ends.</summary>
    private void Activate(ConsumerUse consumer)
    {
        if (_active.Contains(consumer))
            return;

        _active.Add(consumer);
        _divided = TimeSpan.MinValue;
    }

    public void BeginWindow()
    {
        foreach (var consumer in _active)
            consumer.BeginWindow();
        foreach (var gone in _active.Where(consumer => consumer is { IsActive: false, Waiting: 0 }))
        {
            _byId.Remove(gone.Id);
            if (gone.AsksHere)
                _consumers.Remove(gone.Name ?? "");
        }

        _active = [.. _active.Where(consumer => consumer.IsActive || consumer.Waiting > 0)];
        _divided = TimeSpan.MinValue;
    }

    /// <summary>Computes the shares (see <see cref="FairShares.Divide"/>), unless there are many consumers and it was done a moment ago.</summary>
    public void Divide(double capacity, double kept, double rest, TimeSpan now)
    {
        if (_active.Count < 2 || (_active.Count > MaxExactConsumers && _divided != TimeSpan.MinValue && now - _divided < ShareLifetime))
            return;

        _divided = now;
        FairShares.Divide(_active, capacity, kept, rest);
    }
}
