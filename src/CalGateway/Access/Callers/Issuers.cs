using System.Collections.Concurrent;
using CalGateway.Access.Settings;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>
/// The issuers whose tokens are accepted. An issuer is kept from one revision to the next if its settings do not change, and with it the keys that were
/// fetched: after an edit of something else, requests must not wait for the issuer again.
/// </summary>
internal sealed class Issuers
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string? Authority, string? File, string? Issuer, string Audience), Issuer> _known = new();

    /// <exception cref="IOException">The key set cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The gateway may not read the key set.</exception>
    /// <exception cref="ArgumentException">The file holds no key set.</exception>
    public Issuer Of(JwtOptions settings)
    {
        var file = settings.KeysFile is { Length: > 0 } named ? Path.GetFullPath(named) : null;
        var key = (settings.Authority, file, settings.Issuer, settings.Audience!);
        var issuer = _known.GetValueOrDefault(key) ?? new Issuer(file, keys => Create(settings.Authority, settings.Issuer, settings.Audience!, keys));
        if (file is not null)
            issuer.Replace(issuer.ReadKeys());
        return _known.GetOrAdd(key, issuer); // added only when its keys were read: an issuer without keys would accept nobody
    }

    private static JwtBearerOptions Create(string? authority, string? issuer, string audience, JsonWebKeySet? keys)
    {
        var options = new JwtBearerOptions
        {
            Authority = authority,
            Audience = audience,
            RequireHttpsMetadata = authority is { Length: > 0 } address && !new Uri(address).IsLoopback,
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
        rules.ValidIssuer = issuer;

        // Only asymmetric algorithms: the keys that verify a token then cannot sign one, and a public key cannot be used as a shared secret.
        rules.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        if (keys is not null)
            rules.IssuerSigningKeys = keys.GetSigningKeys();

        new JwtBearerPostConfigureOptions().PostConfigure(JwtCallers.Scheme, options);
        return options;
    }
}
