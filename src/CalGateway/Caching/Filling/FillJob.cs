using System.Diagnostics;
using CalGateway.Caching.Store;

namespace CalGateway.Caching.Filling;

/// <summary>What a fill is for.</summary>
internal enum FillPurpose
{
    /// <summary>A caller waits for an answer.</summary>
    Answer,

    /// <summary>A caller waits for Cal.com's own answer: what another gateway has stored will not do.</summary>
    Demanded,

    /// <summary>A stale answer is refreshed while nobody waits; its spans are a trace of their own.</summary>
    Refresh,
}

/// <summary>A fill that has not begun, and all that it takes to begin it.</summary>
/// <param name="Fill">What callers wait for.</param>
/// <param name="Request">What Cal.com is asked.</param>
/// <param name="Stored">The stored answer that is to be confirmed or replaced; null where there is none.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Cause">The span of the request that it is made for.</param>
internal sealed record FillJob(Fill Fill, FillRequest Request, StoredAnswer? Stored, FillPurpose Purpose, Activity? Cause);
