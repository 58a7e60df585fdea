namespace CalGateway.Sandbox;

/// <summary>How a sandbox is started; the defaults suit a test: any free port, no rate limit, API v1 gone.</summary>
public sealed class SandboxOptions
{
    /// <summary>Where to listen, cleartext only. Port 0 takes any free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The one key that is accepted, until it is refreshed.</summary>
    public string ApiKey { get; init; } = "cal_test_sandbox";

    /// <summary>The user the key belongs to.</summary>
    public string Username { get; init; } = "owner";

    /// <summary>
    /// Enforces 120 requests a minute for each key, and the small limits that some operations have of their own; the headers that tell the quota are sent
    /// either way.
    /// </summary>
    public bool RateLimit { get; init; }

    /// <summary>How many requests a key has in each window, where the limit is enforced.</summary>
    public int RateLimitRequests { get; init; } = 120;

    /// <summary>The length of a window, and for how long a key is shut out that exceeds it.</summary>
    public TimeSpan RateLimitWindow { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Answers API v1 as it did before it was discontinued, instead of 410.</summary>
    public bool V1Works { get; init; }

    /// <summary>"" or a path such as "/api", below which everything is served, as behind a self-hosted ingress.</summary>
    public string BasePath { get; init; } = "";
}
