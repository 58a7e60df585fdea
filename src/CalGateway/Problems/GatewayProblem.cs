using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CalGateway.CalCom.Headers;

namespace CalGateway.Problems;

/// <summary>The body of every error that the gateway itself makes (RFC 9457). The members and their order are the contract's.</summary>
internal sealed record GatewayProblem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>The path that was asked for, without its query.</summary>
    public string? Instance { get; init; }

    public required string Code { get; init; }

    public string? TraceId { get; init; }

    public string? Revision { get; init; }

    public string? SentVersion { get; init; }

    public IReadOnlyList<string>? SupportedVersions { get; init; }

    public string? SuggestedVersion { get; init; }

    /// <summary>What Cal.com itself answered at other versions, where it was asked live.</summary>
    public IReadOnlyDictionary<string, int>? Confirmed { get; init; }

    public IReadOnlyList<string>? DidYouMean { get; init; }

    public string? Route { get; init; }

    public string? Remedy { get; init; }

    public UpstreamAnswer? Upstream { get; init; }

    /// <summary>Cal.com's refusal of a request that was not signed: nothing is wrong here, so that neither metrics nor concerns tell of it.</summary>
    [JsonIgnore]
    public bool IsCallersOwn => Upstream is not null && Status is (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or TokenExpired);

    /// <summary>Cal.com does not take the caller's own token, or not any more.</summary>
    [JsonIgnore]
    public bool EndsToken { get; init; }

    /// <summary>Cal.com's own status for an OAuth token that has expired.</summary>
    public const int TokenExpired = 498;

    /// <summary>RFC 9209's error type, where there was no answer from upstream to tell the status of.</summary>
    [JsonIgnore]
    public string? ProxyError { get; init; }

    /// <summary>When it may be asked again; a header.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How a caller can become known; a header.</summary>
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

    /// <summary>The value of <c>Proxy-Status</c>; null where no upstream has to do with it.</summary>
    public string? ProxyStatus() => Upstream is null && ProxyError is null ? null : Upstream is null
        ? $"CalGateway; error={ProxyError}; details=\"{Code}\""
        : $"CalGateway; received-status={Upstream.Status}; details=\"{Code}\"";
}

/// <summary>What Cal.com answered, as far as it may be passed on: bounded and free of secrets.</summary>
internal sealed record UpstreamAnswer
{
    public required int Status { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public string? RequestId { get; init; }

    public string? Timestamp { get; init; }

    /// <summary>It is an error of Cal.com's own, and came whole: what it says is said of what was asked for.</summary>
    [JsonIgnore]
    public bool IsCalComs { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(GatewayProblem))]
internal sealed partial class GatewayProblemJsonContext : JsonSerializerContext;

/// <summary>Quotes are written as people write them: the body is never HTML, and says so.</summary>
internal static class GatewayProblemJson
{
    public static readonly GatewayProblemJsonContext Default =
        new(new JsonSerializerOptions(GatewayProblemJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
