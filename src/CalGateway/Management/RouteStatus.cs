using CalGateway.CalCom.Pins;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Journey.Routes;

namespace CalGateway.Management;

/// <summary>A route as <c>/status</c> shows it.</summary>
/// <param name="Path">The route's pattern.</param>
/// <param name="ApiVersion">The pin; null for none.</param>
/// <param name="Warnings">The settings' warnings about the route.</param>
/// <param name="Pin">The pin compared with the catalogue.</param>
/// <param name="Policy">The name of the cache policy; null for none.</param>
internal sealed record RouteStatus(
    string Route, string? Path, string? ApiVersion, bool Cached, IReadOnlyList<string> Warnings, PinVerdict Pin, string? Policy, int Stored, TrafficStatus Traffic)
{
    /// <summary>The credential that the route sends to Cal.com: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public required string Credential { get; init; }

    /// <summary>The consumers with a version of their own on this route; null for none.</summary>
    public IReadOnlyList<ConsumerStatus>? Consumers { get; init; }

    /// <summary>The comparison with another version; null where there is none.</summary>
    public ShadowStatus? Shadow { get; init; }
}

/// <summary>How a route's reads differ at another version.</summary>
/// <param name="Percent">The share of successful reads that are compared, in percent; 0 for none.</param>
/// <param name="Outcomes">The number of comparisons by outcome, over all operations.</param>
internal sealed record ShadowStatus(string Version, decimal Percent, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<ShadowedOperation> Operations)
{
    public static ShadowStatus Of(ShadowSettings settings, IReadOnlyList<ShadowedOperation> operations) => new(
        settings.Version, settings.Percent,
        operations.SelectMany(operation => operation.Outcomes).GroupBy(outcome => outcome.Key).ToDictionary(outcome => outcome.Key, outcome => outcome.Sum(counted => counted.Value)),
        operations);
}

/// <summary>A consumer with a version of its own.</summary>
/// <param name="ApiVersion">The version that is sent in place of the route's pin.</param>
/// <param name="Pin">This version compared with the catalogue.</param>
internal sealed record ConsumerStatus(string Consumer, string ApiVersion, PinVerdict Pin);
