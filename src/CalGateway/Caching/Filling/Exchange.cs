using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>What came of asking Cal.com on nobody's behalf.</summary>
internal sealed record Exchange
{
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>What the gateway made of it, where it made a problem of it.</summary>
    public required GatewayProblem? Problem { get; init; }

    /// <summary>The body was longer than what is stored.</summary>
    public required bool IsTooLarge { get; init; }

    /// <summary>Too many bodies were on their way for this one to be kept.</summary>
    public bool HasFoundNoRoom { get; init; }

    /// <summary>It came in an older shape than the pinned version has.</summary>
    public bool IsLegacyShape { get; init; }

    /// <summary>For how long Cal.com wants not to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A route miss of a moment ago was given again: nothing was sent.</summary>
    public bool IsRemembered { get; init; }

    public required string? SentApiVersion { get; init; }

    public required string? UpstreamRequestId { get; init; }

    public StringValues this[string header] => Headers.GetValueOrDefault(header);
}
