using System.Text.Encodings.Web;
using System.Text.Json;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>
/// Whose token was presented. It is the framework's own handler that judges, driven by hand, since its options belong to a revision
/// of the settings and not to the process.
/// </summary>
/// <param name="issuer">Whose tokens they are.</param>
/// <param name="consumerClaim">The claim that names a consumer.</param>
/// <param name="consumers">By name.</param>
/// <param name="others">Those whose token is good and names no consumer.</param>
internal sealed partial class JwtCallers(
    Issuer issuer, string consumerClaim, IReadOnlyDictionary<string, Caller> consumers, Caller others)
{
    public const string Scheme = "Jwt";

    private static readonly AuthenticationScheme Framework = new(Scheme, null, typeof(JwtBearerHandler));

    /// <summary>Every consumer, whom a token may name, and whoever has another one.</summary>
    public IEnumerable<Caller> Callers => consumers.Values.Append(others);

    /// <summary>Three parts: no key of ours looks like that.</summary>
    public static bool LooksLikeToken(ReadOnlySpan<char> presented) => presented.Count('.') == 2;

    /// <summary>True for a token that was made out to this gateway, whether it opens or not any more: it is no third party's business.</summary>
    public bool AreNamedBy(string token)
    {
        if (!LooksLikeToken(token))
            return false;

        try
        {
            return new JsonWebToken(token).Audiences.Contains(issuer.Options.CurrentValue.Audience);
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            return false; // no token in this form, so that it is made out to nobody
        }
    }

    /// <summary>Null for a token that does not open, for whatever reason.</summary>
    public async Task<Caller?> FindAsync(HttpContext context)
    {
        var loggers = context.RequestServices.GetRequiredService<ILoggerFactory>();
        var options = issuer.Options;
        var handler = new JwtBearerHandler(options, loggers, UrlEncoder.Default);
        await handler.InitializeAsync(Framework, context);
        var result = await handler.AuthenticateAsync();
        if (!result.Succeeded)
        {
            await ReportAsync(options.CurrentValue, loggers, context.RequestAborted);
            return null;
        }

        var name = result.Principal.FindFirst(consumerClaim)?.Value;
        return name is not null && consumers.TryGetValue(name, out var consumer) ? consumer : others;
    }

    /// <summary>A bad token is its caller's business. An issuer whose keys cannot be had is ours: no token can then be told from a forged one.</summary>
    private static async Task ReportAsync(JwtBearerOptions options, ILoggerFactory loggers, CancellationToken cancellation)
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
