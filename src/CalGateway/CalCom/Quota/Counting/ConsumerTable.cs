namespace CalGateway.CalCom.Quota.Counting;

/// <summary>The consumers that share one key, with what each of them asks and gets.</summary>
internal sealed class ConsumerTable
{
    /// <summary>With so many, the shares are not worked out anew for each request.</summary>
    private const int Many = 16;

    private static readonly TimeSpan Lasting = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, ConsumerUse> _consumers = new(StringComparer.OrdinalIgnoreCase);
    private List<ConsumerUse> _active = [];
    private TimeSpan _divided = TimeSpan.MinValue;

    public IReadOnlyList<ConsumerUse> Active => _active;

    /// <summary>Counts that it asks.</summary>
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

    /// <inheritdoc cref="FairShares.Divide"/>
    /// <param name="capacity">As there.</param>
    /// <param name="kept">As there.</param>
    /// <param name="rest">As there.</param>
    /// <param name="now">What was worked out a moment ago will do where there are many.</param>
    public void Divide(double capacity, double kept, double rest, TimeSpan now)
    {
        if (_active.Count < 2 || (_active.Count > Many && _divided != TimeSpan.MinValue && now - _divided < Lasting))
            return;

        _divided = now;
        FairShares.Divide(_active, capacity, kept, rest);
    }
}
