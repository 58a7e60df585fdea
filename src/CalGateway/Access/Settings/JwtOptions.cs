namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access:Jwt</c>: whose tokens are accepted. Exactly one of <c>Authority</c> and <c>KeysFile</c> must be set.</summary>
internal sealed class JwtOptions
{
    /// <summary>The issuer, whose keys are found by OpenID Connect discovery; https, or http on loopback.</summary>
    public string? Authority { get; set; }

    /// <summary>A file with a JSON Web Key Set, for an issuer that the gateway cannot reach. Re-read when it changes.</summary>
    public string? KeysFile { get; set; }

    /// <summary>The <c>iss</c> that a token must have. Required with <c>KeysFile</c>; by default that of the authority.</summary>
    public string? Issuer { get; set; }

    /// <summary>The <c>aud</c> that a token must have.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that names one of <c>Access:Consumers</c>, whose rights the token then has. The default is <c>sub</c>.</summary>
    public string ConsumerClaim { get; set; } = "sub";
}
