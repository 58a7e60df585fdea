using System.Text.Json.Serialization;
using CalGateway.Problems;

namespace CalGateway.Telemetry.Recent;

/// <summary>A problem that callers have received recently. Its count tells how often.</summary>
internal sealed record RecentProblem
{
    public required DateTimeOffset Last { get; init; }

    public required int Count { get; init; }

    public required string Code { get; init; }

    public string Title => ProblemTypes.All.FirstOrDefault(type => type.Code == Code)?.Title ?? Code;

    /// <summary>Null if the request matched no route.</summary>
    public required string? Route { get; init; }

    /// <summary>The last request with this problem, as <see cref="RequestLabel"/> writes it.</summary>
    public required string Request { get; init; }

    /// <summary>The trace id of the last request with this problem.</summary>
    public required string TraceId { get; init; }

    public required string Revision { get; init; }

    public required string? SentVersion { get; init; }

    public required string? SuggestedVersion { get; init; }

    /// <summary>The consumer whose own version for the route was sent; null where the route's pin was, or the caller's own version.</summary>
    public string? Consumer { get; init; }

    /// <summary>The fingerprint of the key that signed the request.</summary>
    [JsonIgnore]
    public string? Fingerprint { get; init; }

    /// <summary>The base URLs of the upstream; null if the request matched no route.</summary>
    [JsonIgnore]
    public string? UpstreamAddresses { get; init; }
}
