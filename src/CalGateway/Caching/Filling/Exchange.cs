using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>What a fill asked Cal.com and what came back.</summary>
internal sealed record Exchange
{
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The problem that the gateway made of the answer; null where it made none.</summary>
    public required GatewayProblem? Problem { get; init; }

    /// <summary>The body was longer than may be stored.</summary>
    public required bool IsTooLarge { get; init; }

    /// <summary>So many bodies were in flight that there was no memory for this one.</summary>
    public bool HasFoundNoMemory { get; init; }

    /// <summary>It came in an older shape than the pinned version has.</summary>
    public bool IsLegacyShape { get; init; }

    /// <summary>For how long Cal.com wants not to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A route miss of a moment ago was given again: nothing was sent.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>The request was not let through to Cal.com: nothing was sent.</summary>
    public bool IsRefused { get; init; }

    public required string? SentApiVersion { get; init; }

    public required string? UpstreamRequestId { get; init; }

    /// <summary>The status that Cal.com answered with; null where there was no answer.</summary>
    public int? UpstreamStatus => Problem is { } problem ? problem.Upstream?.Status : Status;

    public StringValues this[string header] => Headers.GetValueOrDefault(header);
}
