using CalGateway.CalCom;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management;

/// <summary>How Cal.com answered within the last fifteen minutes.</summary>
/// <param name="Requests">The number of requests sent, background refreshes included.</param>
/// <param name="Failures">How many of these got no answer, or a 5xx.</param>
/// <param name="MedianMilliseconds">The median duration in milliseconds; null where nothing was sent.</param>
/// <param name="SlowMilliseconds">The 99th percentile of the durations in milliseconds.</param>
/// <param name="LastAnswer">The last answer below 500.</param>
/// <param name="QuotaLeft">How many requests are left of the key's quota; null where Cal.com has not said so lately.</param>
/// <param name="QuotaResetsAt">When the quota is full again.</param>
internal sealed record CalComStatus(
    IReadOnlyList<string> Addresses, int Requests, int Failures, double? MedianMilliseconds, double? SlowMilliseconds,
    UpstreamMoment? LastAnswer, UpstreamMoment? LastFailure, int? QuotaLeft, DateTimeOffset? QuotaResetsAt)
{
    /// <summary>Circuit and concurrency of the gateway's own key; null before its first request.</summary>
    public required ProtectionStatus? Protection { get; init; }

    /// <summary>The current window of the quota, and its use; null where nothing was sent lately.</summary>
    public QuotaStatus? Quota { get; init; }

    /// <summary>Quota and circuit of the keys of <c>Access:Credentials</c>; null where there are none.</summary>
    public IReadOnlyList<AccountStatus>? Accounts { get; init; }
}

/// <summary>The state of another account's key.</summary>
/// <param name="Quota">The current window of the quota, and its use; null where nothing was sent lately.</param>
/// <param name="Protection">Circuit and concurrency; null before the first request.</param>
internal sealed record AccountStatus(string Account, QuotaStatus? Quota, ProtectionStatus? Protection);

/// <summary>Whether requests with a key may be sent to Cal.com, and how many are running.</summary>
/// <param name="Circuit"><c>closed</c>: requests are sent. <c>open</c>: none is sent. <c>half-open</c>: one is sent to test Cal.com.</param>
/// <param name="AtCalCom">Running requests, up to the end of their answers.</param>
/// <param name="Waiting">Requests that wait for a running one to end.</param>
/// <param name="MaxConcurrency">The limit of running requests; 0 for none.</param>
internal sealed record ProtectionStatus(string Circuit, int AtCalCom, int Waiting, int MaxConcurrency)
{
    public static ProtectionStatus? Of(IEnumerable<UpstreamLane> lanes, UpstreamOptions options)
    {
        var all = lanes.ToList();
        return all.Count == 0 ? null : new ProtectionStatus(
            NameOf(options.Circuit.Enabled ? WorstOf(all) : CircuitState.Closed), all.Sum(lane => lane.Bulkhead.Active), all.Sum(lane => lane.Bulkhead.Waiting),
            options.MaxConcurrency);
    }

    private static CircuitState WorstOf(IReadOnlyList<UpstreamLane> lanes) =>
        lanes.Select(lane => lane.Circuit.State).MaxBy(state => state switch { CircuitState.Open => 2, CircuitState.HalfOpen => 1, _ => 0 });

    private static string NameOf(CircuitState state) => state switch { CircuitState.Open => "open", CircuitState.HalfOpen => "half-open", _ => "closed" };
}

/// <summary>The current window of a key's quota.</summary>
/// <param name="Limit">The number of requests that a window allows.</param>
/// <param name="Left">How many of these are left; null where no window is running.</param>
/// <param name="Foreign">How many requests other users of the same key sent.</param>
/// <param name="Refused">How many writes and reads of callers the gateway refused for lack of quota.</param>
internal sealed record QuotaStatus(
    int Limit, int? Left, DateTimeOffset? ResetsAt, double WindowSeconds, int Foreign, int Refused, IReadOnlyList<ConsumerState> Consumers)
{
    public static QuotaStatus Of(QuotaState state, DateTimeOffset? resetsAt) =>
        new(state.Limit, state.Left, resetsAt, state.Window.TotalSeconds, state.Foreign, state.Refused, state.Consumers);
}
