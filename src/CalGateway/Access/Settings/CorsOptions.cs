namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access:Cors</c>: which web pages may read answers.</summary>
internal sealed class CorsOptions
{
    public const string Any = "*";

    /// <summary>
    /// Scheme, host and port, such as <c>https://example.com</c>, or <c>*</c> for every page. By default none; in the mode Loopback the pages that this
    /// machine serves, on any port. Once set, it is the whole list.
    /// </summary>
    public string[] Origins { get; set; } = [];

    /// <summary>Whether a page may send what its browser keeps for us. Never together with <c>*</c>. The default is false; the gateway has no cookies.</summary>
    public bool Credentials { get; set; }

    /// <summary>The request headers that a page may set, besides those that every page may.</summary>
    public string[]? Headers { get; set; }

    /// <summary>For how long a browser may remember that it may ask. Zero to 1 day; the default is 10 minutes.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);
}
