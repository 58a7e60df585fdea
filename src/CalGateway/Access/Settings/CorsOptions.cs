namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access:Cors</c>: which web pages may read answers.</summary>
internal sealed class CorsOptions
{
    public const string Any = "*";

    /// <summary>
    /// Scheme, host and port of the pages that may call, such as <c>https://example.com</c>, or <c>*</c> for every page. By default none; in the mode
    /// Loopback by default the pages of this machine, on any port.
    /// </summary>
    public string[] Origins { get; set; } = [];

    /// <summary>Whether pages may send credentials that the browser keeps, such as cookies. Not together with <c>*</c>. The default is false; the gateway sets no cookies.</summary>
    public bool Credentials { get; set; }

    /// <summary>Request headers that pages may set besides the usual ones.</summary>
    public string[]? Headers { get; set; }

    /// <summary>For how long a browser may remember the answer to a preflight. Zero to 1 day; the default is 10 minutes.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);
}
