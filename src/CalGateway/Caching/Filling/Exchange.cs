using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>What a fill asked Cal.com and what came back.</summary>
internal sealed record Exchange
{
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The problem that the gateway answers with instead; null if the answer is passed on.</summary>
    public required GatewayProblem? Problem { get; init; }

    /// <summary>The body was larger than may be stored.</summary>
    public required bool IsTooLarge { get; init; }

    /// <summary>Other bodies in flight took all the memory, and the body was dropped.</summary>
    public bool HasFoundNoMemory { get; init; }

    /// <summary>The answer has an older shape than the pinned version should have.</summary>
    public bool IsLegacyShape { get; init; }

    /// <summary>The Retry-After that Cal.com sent; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer is a route miss that was diagnosed a moment ago; nothing was sent to Cal.com.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>The request was not let through to Cal.com: nothing was sent.</summary>
    public bool IsRefused { get; init; }

    public required string? SentApiVersion { get; init; }

    public required string? UpstreamRequestId { get; init; }

    /// <summary>The status of Cal.com's answer; null if there was none.</summary>
    public int? UpstreamStatus => Problem is { } problem ? problem.Upstream?.Status : Status;

    public StringValues this[string header] => Headers.GetValueOrDefault(header);
}
