using System.Text.Encodings.Web;
using System.Text.Json;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>
/// Finds the caller of a JWT. The framework's own handler validates the token; it is created here and not by the framework, because its options belong to a
/// revision of the settings and not to the process.
/// </summary>
/// <param name="consumerClaim">The claim that names a consumer.</param>
/// <param name="others">The caller for a valid token that names no consumer.</param>
internal sealed partial class JwtCallers(
    Issuer issuer, string consumerClaim, IReadOnlyDictionary<string, Caller> consumers, Caller others)
{
    public const string Scheme = "Jwt";

    private static readonly AuthenticationScheme Framework = new(Scheme, null, typeof(JwtBearerHandler));

    public Issuer Issuer => issuer;

    /// <summary>All callers that a token can stand for.</summary>
    public IEnumerable<Caller> Callers => consumers.Values.Append(others);

    /// <summary>A JWT has three parts; a key of the gateway has no dots.</summary>
    public static bool LooksLikeToken(ReadOnlySpan<char> presented) => presented.Count('.') == 2;

    /// <summary>Whether the audience of a token is this gateway, valid or not. Such a token must not be sent to a third party.</summary>
    public bool IsAudienceOf(string token)
    {
        if (!LooksLikeToken(token))
            return false;

        try
        {
            var own = issuer.Options.CurrentValue.Audience!.TrimEnd('/'); // the framework ignores a slash at the end, too
            return new JsonWebToken(token).Audiences.Any(audience => audience.TrimEnd('/') == own);
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            return false; // it is no JWT, so it has no audience
        }
    }

    /// <summary>Null for a token that is not valid, for whatever reason.</summary>
    public async Task<Caller?> FindAsync(HttpContext context)
    {
        var loggers = context.RequestServices.GetRequiredService<ILoggerFactory>();
        var options = issuer.Options;
        var handler = new JwtBearerHandler(options, loggers, UrlEncoder.Default);
        await handler.InitializeAsync(Framework, context);
        var result = await handler.AuthenticateAsync();
        if (!result.Succeeded)
        {
            await LogUnreachableIssuerAsync(options.CurrentValue, loggers, context.RequestAborted);
            return null;
        }

        var name = result.Principal.FindFirst(consumerClaim)?.Value;
        return name is not null && consumers.TryGetValue(name, out var consumer) ? consumer : others;
    }

    /// <summary>An invalid token is the caller's mistake and is not logged. If the keys of the issuer cannot be fetched, no token can be validated: that is logged.</summary>
    private static async Task LogUnreachableIssuerAsync(JwtBearerOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (options.ConfigurationManager is not { } address)
            return;

        try
        {
            await address.GetConfigurationAsync(cancellation);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            Log.IssuerUnreachable(loggers.CreateLogger<JwtCallers>(), options.Authority, failure.GetBaseException().Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Tokens cannot be checked, {Authority} does not give its keys: {Reason}")]
        public static partial void IssuerUnreachable(ILogger logger, string? authority, string reason);
    }
}
