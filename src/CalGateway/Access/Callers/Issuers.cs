using CalGateway.Access.Settings;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>Makes the issuer whose tokens a revision accepts.</summary>
internal static class Issuers
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="inForce">
    /// The issuer of the revision in force; null for none. If its settings are the same, it is kept, and with it the keys that were fetched: after an edit of
    /// something else, requests must not wait for the issuer again.
    /// </param>
    /// <exception cref="IOException">The key set cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The gateway may not read the key set.</exception>
    /// <exception cref="ArgumentException">The file holds no key set.</exception>
    public static Issuer Of(JwtOptions settings, Issuer? inForce)
    {
        var file = settings.KeysFile is { Length: > 0 } named ? Path.GetFullPath(named) : null;
        var identity = new IssuerIdentity(settings.Authority, file, settings.Issuer, settings.Audience!);
        var issuer = inForce?.Identity == identity ? inForce : new Issuer(identity, keys => Create(identity, keys));
        if (file is not null)
            issuer.Replace(issuer.ReadKeys());
        return issuer;
    }

    private static JwtBearerOptions Create(IssuerIdentity identity, JsonWebKeySet? keys)
    {
        var options = new JwtBearerOptions
        {
            Authority = identity.Authority,
            Audience = identity.Audience,
            RequireHttpsMetadata = identity.Authority is { Length: > 0 } address && !new Uri(address).IsLoopback,
            BackchannelTimeout = Timeout,
            MapInboundClaims = false,
        };

        // The handler takes the token from Authorization by default; callers may also send it in CalGateway-Token.
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = static message =>
            {
                message.Token = PresentedCredential.In(message.Request.Headers)?.Value;
                return Task.CompletedTask;
            },
        };

        var rules = options.TokenValidationParameters;
        rules.RequireSignedTokens = true;
        rules.RequireExpirationTime = true;
        rules.ClockSkew = TimeSpan.FromSeconds(30);
        rules.ValidIssuer = identity.Issuer;

        // Only asymmetric algorithms: the keys that verify a token then cannot sign one, and a public key cannot be used as a shared secret.
        rules.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        if (keys is not null)
            rules.IssuerSigningKeys = keys.GetSigningKeys();

        new JwtBearerPostConfigureOptions().PostConfigure(JwtCallers.Scheme, options);
        return options;
    }
}
