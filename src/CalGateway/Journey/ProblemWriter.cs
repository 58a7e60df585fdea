using System.Globalization;
using System.Text.Json;
using CalGateway.Problems;

namespace CalGateway.Journey;

/// <summary>Writes a problem as the answer, with trace id, revision and route of the request, and without any key.</summary>
internal static class ProblemWriter
{
    /// <summary>Replaces the response by the problem. A HEAD gets the headers only.</summary>
    public static async Task WriteToAsync(this GatewayProblem problem, HttpContext context)
    {
        var call = GatewayCall.Of(context);
        call.ProblemCode = problem.Code;
        call.Problem = problem;

        var body = JsonSerializer.SerializeToUtf8Bytes(OfRequest(problem, context, call), GatewayProblemJson.Default.GatewayProblem);
        var response = context.Response;
        response.Clear();
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = ((long)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        if (problem.Challenge is not null)
            response.Headers.WWWAuthenticate = problem.Challenge;
        if (problem.ProxyStatus() is { } status)
        {
            response.Headers[GatewayHeaders.ProxyStatus] = status;

            // A problem that stands for an answer of the upstream gets the header edits of the route.
            call.Plan?.Edits.EditOnly(response.Headers, problem.Status);
        }

        // Kestrel compares methods with case: "head" in other letters is another method and gets a body.
        if (!string.Equals(context.Request.Method, HttpMethods.Head, StringComparison.Ordinal))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>What the caller or the operator can do about a problem. For a wrong version it names the setting from which this request's version came.</summary>
    public static string? RemedyFor(this GatewayCall call, GatewayProblem problem) => problem.Version switch
    {
        { } version when call.Version.IsCallers => version.ToCaller,
        { } version when call.PinSetting is { } setting => version.OnLine(setting),
        _ => problem.Remedy,
    };

    /// <summary>The problem for a request that Kestrel refuses while it is being read.</summary>
    public static GatewayProblem ProblemOf(this GatewayCall call, BadHttpRequestException failure) => failure.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? (call.Plan?.Body ?? call.AtStart.Body).Problem()
        : GatewayProblem.Of(ProblemTypes.InvalidRequest, "The request could not be read to its end.");

    private static GatewayProblem OfRequest(GatewayProblem problem, HttpContext context, GatewayCall call)
    {
        var key = call.KeyToRedact;
        return problem with
        {
            Detail = key.WithoutSecrets(problem.Detail),
            Instance = key.WithoutSecrets(context.Request.PathBase.Add(context.Request.Path).ToUriComponent()),
            Upstream = problem.Upstream is not { } upstream ? null : upstream with { Path = key.WithoutSecrets(upstream.Path) },
            TraceId = call.TraceId,
            Revision = call.Revision,
            Route = problem.Route ?? call.Plan?.RouteId,
            Remedy = RemedyFor(call, problem),
        };
    }
}
