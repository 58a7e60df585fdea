namespace CalGateway.Caching;

/// <summary>The state of the cache, for the status page.</summary>
/// <param name="Entries">Answers stored in this process.</param>
/// <param name="Bytes">The memory that they take, compressed forms included.</param>
/// <param name="Policies">Those that routes of the current revision have.</param>
/// <param name="SharedStoreIsUp">Whether Redis answers; null where none is wanted.</param>
internal sealed record CacheReport(int Entries, long Bytes, IReadOnlyList<PolicyReport> Policies, bool? SharedStoreIsUp = null);

/// <param name="Name">As in <c>yarp.json</c>.</param>
/// <param name="HitRatio">The share of requests since the start that were answered from what was stored; null before the first.</param>
/// <param name="OldestStale">The age of the oldest answer that is no longer fresh and may still be served; null where there is none.</param>
/// <param name="Tags">By which its answers can be evicted.</param>
/// <param name="LastRefreshError">Null where no upstream has ever failed a request of this policy.</param>
internal sealed record PolicyReport(
    string Name, int Entries, long Bytes, long Requests, double? HitRatio, TimeSpan? OldestStale, RefreshError? LastRefreshError, IReadOnlyList<string> Tags);

/// <param name="UpstreamStatus">Null where no answer came at all.</param>
/// <param name="Code">The problem's code, where the gateway made one of it.</param>
/// <param name="Upstream">Who failed, as people call it.</param>
internal sealed record RefreshError(DateTimeOffset At, int? UpstreamStatus, string? Code, string Upstream);
