using CalGateway.Configuration;

namespace CalGateway.CalCom.Quota;

/// <summary><c>CalGateway:Upstream:Quota</c>: how each key's requests at Cal.com are shared out.</summary>
internal sealed class QuotaOptions
{
    private const string Section = $"{GatewayOptions.Section}:Upstream:Quota";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Whether requests that Cal.com would refuse are kept from it. The default is true. Off, what Cal.com tells is read and shown all the same.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long a caller may wait where the window ends within that time, or where answers on their way may show that there is room. Zero to 1 minute; the
    /// default is 2 seconds. Whoever would wait longer is refused at once.
    /// </summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The part of each window that only writes may use. 0 to 0.9; the default is 0.1.</summary>
    public double KeptForWrites { get; set; } = 0.1;

    /// <summary>Where no more than this part is left, nothing is refreshed. 0 to 1; the default is 0.25.</summary>
    public double KeptFromRefreshes { get; set; } = 0.25;

    /// <summary>Where no more than this part is left, the gateway asks nothing of its own accord. 0 to 1; the default is 0.25.</summary>
    public double KeptFromCuriosity { get; set; } = 0.25;

    public IEnumerable<Finding> Validate() =>
    [
        .. Wait < TimeSpan.Zero || Wait > LongestWait ? [Error(nameof(Wait), $"must lie between {TimeSpan.Zero:c} and {LongestWait:c}")] : Array.Empty<Finding>(),
        .. Part(nameof(KeptForWrites), KeptForWrites, 0.9),
        .. Part(nameof(KeptFromRefreshes), KeptFromRefreshes, 1),
        .. Part(nameof(KeptFromCuriosity), KeptFromCuriosity, 1),
    ];

    private static IEnumerable<Finding> Part(string name, double value, double most)
    {
        if (!(value >= 0 && value <= most)) // NaN is neither
            yield return Error(name, FormattableString.Invariant($"must lie between 0 and {most}"));
    }

    private static Finding Error(string name, string what) => Finding.Error($"Upstream:Quota:{name} {what}.", $"{Section}:{name}");
}
