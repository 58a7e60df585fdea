using CalGateway.Configuration;

namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access</c>: who may call, and what.</summary>
internal sealed class AccessOptions
{
    public const string Path = $"{GatewayOptions.Section}:Access";

    /// <summary>
    /// What a route asks of its callers unless its <c>AuthorizationPolicy</c> says otherwise: <c>Loopback</c> (the default), <c>ApiKey</c>, <c>Jwt</c>
    /// or <c>Anonymous</c>.
    /// </summary>
    public AccessMode Mode { get; set; } = AccessMode.Loopback;

    /// <summary>
    /// Operations that stay closed otherwise and are opened to every caller that is known, each by method and Cal.com's path, such as
    /// <c>"POST /v2/webhooks"</c>. Empty by default.
    /// </summary>
    public string[] Allow { get; set; } = [];

    /// <summary>False closes to known callers, too, what the catalogue does not know. The default is true. Anonymous callers never reach it.</summary>
    public bool AllowUnknown { get; set; } = true;

    /// <summary>Those who call with a key or a token of their own, by name.</summary>
    public Dictionary<string, ConsumerOptions> Consumers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>More Cal.com accounts than the one of <c>CALCOM_API_KEY</c>, by the name that a consumer's <c>Credential</c> gives.</summary>
    public Dictionary<string, CredentialOptions> Credentials { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public JwtOptions? Jwt { get; set; }

    public CorsOptions Cors { get; set; } = new();

    /// <summary>The share of each client address, whoever calls from there. None by default.</summary>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>The largest request body, in bytes: 1,024 to 104,857,600; the default is 1,048,576.</summary>
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) of the proxies in front of the gateway, which alone are believed when they name
    /// the client in <c>X-Forwarded-For</c>. None by default.
    /// </summary>
    public string[] Proxies { get; set; } = [];

    public IEnumerable<Finding> Validate() => AccessRules.Examine(this);
}
