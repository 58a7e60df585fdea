namespace CalGateway.Caching;

/// <summary>The state of the cache, for the status page.</summary>
/// <param name="Bytes">The memory that these answers take, including their compressed forms.</param>
/// <param name="Policies">The policies that routes of the current revision use.</param>
/// <param name="SharedStoreIsUp">Whether Redis answers; null if the settings name none.</param>
internal sealed record CacheReport(int Entries, long Bytes, IReadOnlyList<PolicyReport> Policies, bool? SharedStoreIsUp = null);

/// <param name="Requests">The requests of its routes since the start.</param>
/// <param name="HitRatio">The share of these requests that were answered from the store; null before the first.</param>
/// <param name="OldestStale">The age of the oldest answer that is stale and may still be served; null if there is none.</param>
/// <param name="LastRefreshError">The last failure of an upstream; null if there was none.</param>
internal sealed record PolicyReport(
    string Name, int Entries, long Bytes, long Requests, double? HitRatio, TimeSpan? OldestStale, RefreshError? LastRefreshError, IReadOnlyList<string> Tags);

/// <param name="UpstreamStatus">Null if no answer came.</param>
/// <param name="Code">The code of the problem that callers received; null if the answer was passed on as it came.</param>
/// <param name="Upstream">The name of the upstream in texts for people.</param>
internal sealed record RefreshError(DateTimeOffset At, int? UpstreamStatus, string? Code, string Upstream);
