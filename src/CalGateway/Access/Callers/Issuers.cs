using System.Collections.Concurrent;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>
/// Whose tokens are accepted. The options of one issuer are kept as long as they do not change, and with them the keys that were
/// fetched: an edit of something else must not make requests wait for the issuer again.
/// </summary>
internal sealed class Issuers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string? Authority, string? File, string? Issuer, string Audience), Issuer> _known = new();

    /// <summary>Those whose key set is in a file.</summary>
    public IEnumerable<Issuer> OfFiles => _known.Values.Where(issuer => issuer.File is not null);

    /// <exception cref="IOException">The key set cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="ArgumentException">It is none.</exception>
    public Issuer Of(JwtOptions settings)
    {
        var file = settings.KeysFile is { Length: > 0 } named ? Path.GetFullPath(named) : null;
        var key = (settings.Authority, file, settings.Issuer, settings.Audience!);
        var issuer = _known.GetValueOrDefault(key) ?? new Issuer(file, keys => Create(settings.Authority, settings.Issuer, settings.Audience!, keys));
        if (file is not null)
            issuer.Replace(issuer.ReadKeys());
        return _known.GetOrAdd(key, issuer); // only now: one without keys opens for nobody
    }

    private static JwtBearerOptions Create(string? authority, string? issuer, string audience, JsonWebKeySet? keys)
    {
        var options = new JwtBearerOptions
        {
            Authority = authority,
            Audience = audience,
            RequireHttpsMetadata = authority is { Length: > 0 } address && !new Uri(address).IsLoopback,
            BackchannelTimeout = Patience,
            MapInboundClaims = false,
        };

        // Where it was found by whoever asked who calls, which need not be Authorization.
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

        // Asymmetric ones only: what checks a token then cannot make one, and a public key is never taken for a secret.
        rules.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        if (keys is not null)
            rules.IssuerSigningKeys = keys.GetSigningKeys();

        new JwtBearerPostConfigureOptions().PostConfigure(JwtCallers.Scheme, options);
        return options;
    }
}
