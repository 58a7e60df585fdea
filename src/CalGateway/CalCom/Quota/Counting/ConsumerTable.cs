namespace CalGateway.CalCom.Quota.Counting;

/// <summary>The consumers that share one key, and how many requests each of them wants and was given.</summary>
internal sealed class ConsumerTable
{
    /// <summary>
    /// Up to this many consumers the shares are computed at each request; with more, at most once in <see cref="ShareLifetime"/>, because the time that it takes
    /// grows with their number.
    /// </summary>
    private const int MaxExactConsumers = 16;

    private static readonly TimeSpan ShareLifetime = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, ConsumerUse> _consumers = new(StringComparer.OrdinalIgnoreCase);
    private List<ConsumerUse> _active = [];
    private TimeSpan _divided = TimeSpan.MinValue;

    public IReadOnlyList<ConsumerUse> Active => _active;

    /// <summary>Counts one request that a consumer wants to send.</summary>
    /// <param name="name">The consumer's name; null for callers without one, who count as one consumer.</param>
    /// <param name="share">The consumer's weight; above 0.</param>
    public ConsumerUse Ask(string? name, double share)
    {
        if (!_consumers.TryGetValue(name ?? "", out var consumer))
            _consumers[name ?? ""] = consumer = new ConsumerUse(name);

        if (!consumer.IsActive)
        {
            _active.Add(consumer);
            _divided = TimeSpan.MinValue;
        }

        consumer.Asked++;
        consumer.Share = share;
        return consumer;
    }

    public void BeginWindow()
    {
        foreach (var consumer in _active)
            consumer.BeginWindow();
        foreach (var gone in _active.Where(consumer => consumer is { IsActive: false, Waiting: 0 }))
            _consumers.Remove(gone.Name ?? "");
        _active = [.. _active.Where(consumer => consumer.IsActive || consumer.Waiting > 0)];
        _divided = TimeSpan.MinValue;
    }

    /// <summary>Computes the shares (see <see cref="FairShares.Divide"/>), unless there are many consumers and it was done a moment ago.</summary>
    /// <param name="capacity">The requests that there are for all consumers in the whole window.</param>
    /// <param name="kept">How many of them only writes may use.</param>
    /// <param name="rest">The part of the window that is left; 0 to 1.</param>
    /// <param name="now">The time of the account's clock.</param>
    public void Divide(double capacity, double kept, double rest, TimeSpan now)
    {
        if (_active.Count < 2 || (_active.Count > MaxExactConsumers && _divided != TimeSpan.MinValue && now - _divided < ShareLifetime))
            return;

        _divided = now;
        FairShares.Divide(_active, capacity, kept, rest);
    }
}
