namespace CalGateway.Access.Settings;

/// <summary>A number of requests in a fixed window; each window counts from zero.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>1 to 1,000,000.</summary>
    public int Requests { get; set; }

    /// <summary>1 second to 1 day; the default is 1 minute.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}
