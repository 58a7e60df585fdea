using System.Text.Json;
using CalGateway.Diagnosis;

namespace CalGateway.Doctor;

/// <summary>The answer to one request of the doctor, or why there is none.</summary>
internal sealed record ProbeAnswer
{
    /// <summary>Null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer, as a sentence without its full stop.</summary>
    public string? Failure { get; init; }

    public bool NotAsked { get; init; }

    public string? MediaType { get; init; }

    public byte[] Body { get; init; } = [];

    public TimeSpan Elapsed { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many requests are left of the quota, according to Cal.com.</summary>
    public int? Remaining { get; init; }

    /// <summary>The body where it is an error of Cal.com's; else null.</summary>
    public UpstreamError? Error { get; init; }

    /// <summary>Cal.com has no such route at the version that was sent.</summary>
    public bool IsRouteMiss => Status == StatusCodes.Status404NotFound && Error?.IsRouteMiss("GET") == true;

    /// <summary>A web page, so not Cal.com's API: a web site, a login page or a captive portal.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml";

    /// <summary>The body as JSON; null where it is not JSON.</summary>
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
