using System.Text.Json.Serialization;
using CalGateway.Problems;

namespace CalGateway.Telemetry.Recent;

/// <summary>A problem that callers were answered with recently. The same problem again raises its count.</summary>
internal sealed record RecentProblem
{
    public required DateTimeOffset Last { get; init; }

    public required int Count { get; init; }

    public required string Code { get; init; }

    public string Title => ProblemTypes.All.FirstOrDefault(type => type.Code == Code)?.Title ?? Code;

    /// <summary>Null where the request met none.</summary>
    public required string? Route { get; init; }

    /// <summary>Method and path of the last one, as <see cref="RequestLabel"/> has them.</summary>
    public required string Request { get; init; }

    /// <summary>Of the last one.</summary>
    public required string TraceId { get; init; }

    public required string Revision { get; init; }

    public required string? SentVersion { get; init; }

    public required string? SuggestedVersion { get; init; }

    /// <summary>Of the key that signed the request.</summary>
    [JsonIgnore]
    public string? Fingerprint { get; init; }
}
