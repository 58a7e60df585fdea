using System.Diagnostics;
using CalGateway.Caching.Store;

namespace CalGateway.Caching.Filling;

internal enum FillPurpose
{
    /// <summary>A caller waits for an answer.</summary>
    Answer,

    /// <summary>A caller waits and demands Cal.com's own answer: one that another gateway has stored is not used.</summary>
    Demanded,

    /// <summary>A stale answer is refreshed in the background. Its spans are a trace of their own.</summary>
    Refresh,
}

/// <summary>A fill that has not started, and everything that is needed to start it.</summary>
/// <param name="Stored">The stored answer that is to be confirmed or replaced; null for none.</param>
/// <param name="Cause">The span of the caller's request.</param>
internal sealed record FillJob(Fill Fill, FillRequest Request, StoredAnswer? Stored, FillPurpose Purpose, Activity? Cause);
