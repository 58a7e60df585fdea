using System.Collections.Concurrent;
using CalGateway.Access.Settings;
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

    private readonly ConcurrentDictionary<(string? Authority, string? Keys, string? Issuer, string Audience), JwtBearerOptions> _known = new();

    /// <exception cref="IOException">The key set cannot be read.</exception>
    /// <exception cref="ArgumentException">It is none.</exception>
    public JwtBearerOptions Of(JwtOptions settings)
    {
        var keys = settings.KeysFile is { Length: > 0 } file ? ReadKeys(file) : null;
        return _known.GetOrAdd((settings.Authority, keys, settings.Issuer, settings.Audience!), Create);
    }

    private static string ReadKeys(string file)
    {
        using var stream = OrdinaryFile.TryOpen(file) ?? throw new IOException("It is empty, or no ordinary file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static JwtBearerOptions Create((string? Authority, string? Keys, string? Issuer, string Audience) key)
    {
        var options = new JwtBearerOptions
        {
            Authority = key.Authority,
            Audience = key.Audience,
            RequireHttpsMetadata = key.Authority is { Length: > 0 } authority && !new Uri(authority).IsLoopback,
            BackchannelTimeout = Patience,
            MapInboundClaims = false,
        };

        var rules = options.TokenValidationParameters;
        rules.RequireSignedTokens = true;
        rules.RequireExpirationTime = true;
        rules.ClockSkew = TimeSpan.FromSeconds(30);
        rules.ValidIssuer = key.Issuer;

        // Asymmetric ones only: what checks a token then cannot make one, and a public key is never taken for a secret.
        rules.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        if (key.Keys is not null)
            rules.IssuerSigningKeys = new JsonWebKeySet(key.Keys).GetSigningKeys();

        new JwtBearerPostConfigureOptions().PostConfigure(JwtCallers.Scheme, options);
        return options;
    }
}
