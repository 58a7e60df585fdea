using System.Text.Json;
using CalGateway.CalCom.Headers;
using CalGateway.Diagnosis;

namespace CalGateway.Doctor;

/// <summary>What one request of the doctor's came to.</summary>
internal sealed record ProbeAnswer
{
    /// <summary>Null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was none; a sentence without its full stop.</summary>
    public string? Failure { get; init; }

    /// <summary>It was not sent at all.</summary>
    public bool NotAsked { get; init; }

    public string? MediaType { get; init; }

    public byte[] Body { get; init; } = [];

    public TimeSpan Elapsed { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What Cal.com says is left of the quota.</summary>
    public int? Remaining { get; init; }

    /// <summary>What an error of Cal.com's says; null for anything else.</summary>
    public UpstreamError? Error { get; init; }

    /// <summary>Cal.com has no such route at the version that was sent.</summary>
    public bool IsRouteMiss => Status == StatusCodes.Status404NotFound && Error?.IsRouteMiss("GET") == true;

    /// <summary>A page for people: a web site, a login page, a captive portal.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml";

    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                using var document = JsonDocument.Parse(Body);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
