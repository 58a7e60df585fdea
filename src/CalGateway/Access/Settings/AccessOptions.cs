using CalGateway.Configuration;

namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access</c>: who may call, and what.</summary>
internal sealed class AccessOptions
{
    public const string Path = $"{GatewayOptions.Section}:Access";

    /// <summary>
    /// Which callers a route admits unless its <c>AuthorizationPolicy</c> says otherwise: <c>Loopback</c> (the default), <c>ApiKey</c>, <c>Jwt</c>
    /// or <c>Anonymous</c>.
    /// </summary>
    public AccessMode Mode { get; set; } = AccessMode.Loopback;

    /// <summary>
    /// Operations that are closed by default and are opened to every known caller, each by method and Cal.com's path, such as
    /// <c>"POST /v2/webhooks"</c>. Empty by default.
    /// </summary>
    public string[] Allow { get; set; } = [];

    /// <summary>Whether known callers may use operations that the catalogue does not know. The default is true. Anonymous callers never may.</summary>
    public bool AllowUnknown { get; set; } = true;

    /// <summary>The callers with a key or a token of their own, by name.</summary>
    public Dictionary<string, ConsumerOptions> Consumers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>More Cal.com accounts than the one of <c>CALCOM_API_KEY</c>, by the name that a consumer's <c>Credential</c> gives.</summary>
    public Dictionary<string, CredentialOptions> Credentials { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public JwtOptions? Jwt { get; set; }

    public CorsOptions Cors { get; set; } = new();

    /// <summary>The limit for each client address, whoever calls from there. None by default.</summary>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>The largest request body, in bytes: 1,024 to 104,857,600; the default is 1,048,576.</summary>
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) of the proxies in front of the gateway. Only their <c>X-Forwarded-For</c> is believed.
    /// None by default.
    /// </summary>
    public string[] Proxies { get; set; } = [];

    public IEnumerable<Finding> Validate() => AccessRules.Examine(this);
}
