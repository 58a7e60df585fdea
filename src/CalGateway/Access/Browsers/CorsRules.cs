using System.Collections.Frozen;
using System.Globalization;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Access.Browsers;

/// <summary>Which web pages may read answers. CORS headers depend on the caller: they are never stored, but written when the response starts.</summary>
/// <param name="mode">In the mode Loopback the pages of this machine, on any port, may call, unless the settings name origins.</param>
internal sealed class CorsRules(CorsOptions options, AccessMode mode)
{
    private static readonly StringValues Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static readonly StringValues Exposed =
        "X-Request-Id, CalGateway-Revision, CalGateway-Api-Version, CalGateway-Upstream-Request-Id, Cache-Status, Proxy-Status, Age, ETag, Retry-After, WWW-Authenticate";

    /// <summary>The last three are sent by Cal.com's own clients, whose pages need a preflight that allows them. None of the three is forwarded.</summary>
    private static readonly string[] UsualHeaders =
    [
        "Authorization", PresentedCredential.KeyHeader, PresentedCredential.TokenHeader, "Content-Type", "Idempotency-Key", "If-None-Match", "Cache-Control", "Prefer",
        "cal-api-version", "x-cal-client-id", "x-cal-platform-embed",
    ];

    private readonly FrozenSet<string> _origins = options.Origins.ToFrozenSet(StringComparer.Ordinal);
    private readonly bool _any = options.Origins.Contains(CorsOptions.Any);
    private readonly bool _pagesOfThisMachine = mode == AccessMode.Loopback && options.Origins.Length == 0;
    private readonly bool _credentials = options.Credentials;
    private readonly StringValues _headers = string.Join(", ", UsualHeaders.Concat(options.Headers ?? []));
    private readonly StringValues _maxAge = ((long)options.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public bool Allows(string origin) => _any || _origins.Contains(origin) || (_pagesOfThisMachine && LoopbackOrigin.Is(origin));

    /// <summary>Whether a browser asks if it may send a request. The gateway answers that itself; it is never forwarded.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    public Task AnswerPreflightAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count != 1 || !Allows(origin.ToString()))
        {
            return GatewayProblem
                .Of(ProblemTypes.Forbidden, "Pages of this origin may not ask.", "The gateway's operator can add it to CalGateway:Access:Cors:Origins.")
                .WriteToAsync(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = _headers;
        headers.AccessControlMaxAge = _maxAge;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Writes the headers for browsers, which every answer has.</summary>
    public void WriteTo(IHeaderDictionary answer, IHeaderDictionary asked)
    {
        answer.XContentTypeOptions = "nosniff";
        answer["Cross-Origin-Resource-Policy"] = "same-origin";
        if (_origins.Count == 0 && !_pagesOfThisMachine)
            return;

        if (!_any)
            answer.Vary = WithOrigin(answer.Vary);
        if (asked.Origin is not { Count: 1 } origin || !Allows(origin.ToString()))
            return;

        answer.AccessControlAllowOrigin = _any ? CorsOptions.Any : origin;
        answer.AccessControlExposeHeaders = Exposed;
        if (_credentials)
            answer.AccessControlAllowCredentials = "true";
    }

    private static StringValues WithOrigin(StringValues vary) =>
        vary.Count == 0 ? HeaderNames.Origin
        : HeaderList.Has(vary, HeaderNames.Origin) ? vary
        : StringValues.Concat(vary, HeaderNames.Origin);
}
