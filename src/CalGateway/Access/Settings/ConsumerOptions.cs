namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access:Consumers:&lt;name&gt;</c>: a caller that the gateway knows by a key or token.</summary>
internal sealed class ConsumerOptions
{
    /// <summary>Several at once, so that a new one can be handed out before the old one ends.</summary>
    public ConsumerKeyOptions[] Keys { get; set; } = [];

    /// <summary>The only operations that it may use, such as <c>"GET /v2/event-types"</c>. Empty (the default) for all that a known caller may.</summary>
    public string[] Operations { get; set; } = [];

    /// <summary>Operations that stay closed otherwise and are opened to this one, besides those of <c>Access:Allow</c>. Empty by default.</summary>
    public string[] Allow { get; set; } = [];

    /// <summary>The name under <c>Access:Credentials</c> of the Cal.com account that it uses; by default the gateway's own.</summary>
    public string? Credential { get; set; }

    /// <summary>The versions at which it gets routes, by their names, in place of their pins. None by default.</summary>
    public Dictionary<string, ConsumerVersionOptions> Versions { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often it may ask the gateway. No limit by default.</summary>
    public RateLimitOptions? RateLimit { get; set; }

    /// <summary>
    /// Its weight where a Cal.com key does not have enough requests for all consumers that use it: one of weight 2 gets twice what one of weight 1 gets. What it
    /// does not ask for goes to the others. 0.01 to 1000; the default is 1.
    /// </summary>
    public double Share { get; set; } = 1;
}
