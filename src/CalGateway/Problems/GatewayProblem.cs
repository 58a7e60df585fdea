using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CalGateway.Problems;

/// <summary>The body of every error that the gateway itself answers with (RFC 9457). Callers rely on the members and their order.</summary>
internal sealed record GatewayProblem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>The path of the request, without its query.</summary>
    public string? Instance { get; init; }

    public required string Code { get; init; }

    public string? TraceId { get; init; }

    public string? Revision { get; init; }

    public string? SentVersion { get; init; }

    public IReadOnlyList<string>? SupportedVersions { get; init; }

    public string? SuggestedVersion { get; init; }

    /// <summary>The status by version that Cal.com answered when the gateway tried other versions; null where it did not try.</summary>
    public IReadOnlyDictionary<string, int>? Confirmed { get; init; }

    public IReadOnlyList<string>? DidYouMean { get; init; }

    public string? Route { get; init; }

    public string? Remedy { get; init; }

    /// <summary>From this, <see cref="Remedy"/> is made for each caller; null where it is the same for all.</summary>
    [JsonIgnore]
    public VersionRemedy? Version { get; init; }

    public UpstreamAnswer? Upstream { get; init; }

    /// <summary>Cal.com refused a request that was not signed with the gateway's credential: the caller's mistake, so it counts as no failure.</summary>
    [JsonIgnore]
    public bool IsCallersOwn => Upstream is not null && Status is (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or TokenExpired);

    /// <summary>Cal.com does not accept the caller's own token, so what is stored for that token must go.</summary>
    [JsonIgnore]
    public bool EndsToken { get; init; }

    /// <summary>Cal.com's non-standard status for an expired OAuth token.</summary>
    public const int TokenExpired = 498;

    /// <summary>The error type of RFC 9209, where the upstream gave no answer.</summary>
    [JsonIgnore]
    public string? ProxyError { get; init; }

    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The value of the header <c>WWW-Authenticate</c>.</summary>
    [JsonIgnore]
    public string? Challenge { get; init; }

    public static GatewayProblem Of(ProblemType type, string detail, string? remedy = null) => new()
    {
        Type = type.Address,
        Title = type.Title,
        Status = type.Status,
        Code = type.Code,
        Detail = detail,
        Remedy = remedy,
    };

    /// <summary>The value of the header <c>Proxy-Status</c>; null where no upstream was involved.</summary>
    public string? ProxyStatus() => Upstream is null && ProxyError is null ? null : Upstream is null
        ? $"CalGateway; error={ProxyError}; details=\"{Code}\""
        : $"CalGateway; received-status={Upstream.Status}; details=\"{Code}\"";
}

/// <summary>Cal.com's answer as callers may see it: short and without secrets.</summary>
internal sealed record UpstreamAnswer
{
    public required int Status { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public string? RequestId { get; init; }

    public string? Timestamp { get; init; }

    /// <summary>The body was complete and in the form of Cal.com's own errors, so Cal.com itself answered, and not a proxy before it.</summary>
    [JsonIgnore]
    public bool IsCalComs { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(GatewayProblem))]
internal sealed partial class GatewayProblemJsonContext : JsonSerializerContext;

/// <summary>Writes quotes unescaped for readability. That is safe, because the content type says that the body is not HTML.</summary>
internal static class GatewayProblemJson
{
    public static readonly GatewayProblemJsonContext Default =
        new(new JsonSerializerOptions(GatewayProblemJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
