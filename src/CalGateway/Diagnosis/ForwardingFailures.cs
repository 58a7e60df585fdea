using CalGateway.Diagnosis.Confirmation;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.Diagnosis;

/// <summary>
/// Wraps YARP's forwarder. Answers a request that is known to miss from memory, without asking Cal.com; and turns a failure to forward, for which YARP sets
/// only a status, into a problem that names the cause.
/// </summary>
internal sealed partial class ForwardingFailures(RequestDelegate next, RouteMissMemory misses, LiveConfirmation confirmation, ILogger<ForwardingFailures> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (misses.Find(context) is { } known)
        {
            var asked = GatewayCall.Of(context);
            asked.AnswerFromMemory();
            await confirmation.AddConfirmed(asked.Plan, known).WriteToAsync(context);
            return;
        }

        await next(context);
        if (context.Features[typeof(IForwarderErrorFeature)] is not IForwarderErrorFeature failure)
            return;

        // Before the response has started, only the caller can have ended the request; later YARP ends it too.
        var isCallerGone = !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested;
        var call = GatewayCall.Of(context);
        if (isCallerGone || IsAnswered(context, failure) || ProblemFor(failure.Error, failure.Exception, call) is not { } problem)
            return;

        // A response that has started cannot be replaced. YARP has cut the connection, so the caller sees that it is incomplete.
        call.ProblemCode = problem.Code;
        Log.Failed(logger, problem.Code, call.Plan?.UpstreamName, failure.Error, Innermost(failure.Exception, call.KeyToRedact), call.TraceId);
        if (!context.Response.HasStarted)
            await problem.WriteToAsync(context);
    }

    /// <summary>
    /// A complete answer counts even if the upstream did not read the rest of the request body (RFC 9113, section 8.1). Where the answer broke off as well,
    /// YARP reports both failures at once.
    /// </summary>
    private static bool IsAnswered(HttpContext context, IForwarderErrorFeature failure)
    {
        if (failure.Error is not (ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled)
            || failure.Exception is AggregateException || GatewayCall.Of(context).UpstreamStatus is not { } status)
        {
            return false;
        }

        if (!context.Response.HasStarted)
            context.Response.StatusCode = status; // an answer without a body
        context.Features[typeof(IForwarderErrorFeature)] = null; // so that later stages see a success: a write then evicts
        return true;
    }

    /// <summary>Null where the caller has gone: nobody would receive the problem.</summary>
    private static GatewayProblem? ProblemFor(ForwarderError error, Exception? exception, GatewayCall call) => error switch
    {
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.ResponseBodyClient => null,
        ForwarderError.RequestBodyClient => BadRequestIn(exception) is { } bad
            ? call.ProblemOf(bad)
            : GatewayProblem.Of(ProblemTypes.InvalidRequest, "The request body broke off."),
        ForwarderError.RequestTimedOut when exception?.InnerException is TimeoutException =>
            Unreachable(call, "It does not take connections in time.", "connection_timeout"), // HttpClient's own ConnectTimeout
        ForwarderError.RequestTimedOut => TimedOut(call),
        ForwarderError.RequestCreation => GatewayProblem.Of(ProblemTypes.InternalError, $"The request for {NameOf(call)} could not be made."),
        ForwarderError.NoAvailableDestinations => Unreachable(call, "There is no destination to ask.", "destination_unavailable"),
        ForwarderError.ResponseBodyDestination when exception is OperationCanceledException => TimedOut(call), // the body stalled
        ForwarderError.ResponseBodyDestination => Invalid(call, "The answer broke off before it was complete.", "http_response_incomplete"),
        _ => Transport(call, exception),
    };

    private static GatewayProblem Transport(GatewayCall call, Exception? exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Unreachable(call, "Its name does not resolve.", "dns_error"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Unreachable(call, "TLS could not be agreed.", "tls_protocol_error"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Unreachable(call, "It refuses the connection.", "connection_refused"),
        OperationCanceledException => TimedOut(call),
        _ => Invalid(call, "The connection broke, or what came is not HTTP.", "connection_terminated"),
    };

    private static BadHttpRequestException? BadRequestIn(Exception? exception) => exception switch
    {
        BadHttpRequestException bad => bad,
        AggregateException several => several.Flatten().InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault(),
        _ => null,
    };

    private static GatewayProblem Unreachable(GatewayCall call, string why, string error) =>
        GatewayProblem.Of(ProblemTypes.UpstreamUnreachable, $"{NameOf(call)} cannot be reached. {why}", "Check the upstream's address, DNS and TLS from the gateway's host; callers may retry.")
            with { ProxyError = error };

    private static GatewayProblem TimedOut(GatewayCall call) => TimedOut($"{NameOf(call)} did not answer in time.");

    /// <param name="detail">A sentence that says which time limit was exceeded.</param>
    public static GatewayProblem TimedOut(string detail) =>
        GatewayProblem.Of(ProblemTypes.UpstreamTimeout, detail, "Reads may be retried. A write may have been carried out: look before sending it again.")
            with { ProxyError = "http_response_timeout" };

    private static GatewayProblem Invalid(GatewayCall call, string why, string error) =>
        GatewayProblem.Of(ProblemTypes.UpstreamInvalid, $"{NameOf(call)} gave an answer that cannot be used. {why}", "Reads may be retried. A write may have been carried out: look before sending it again.")
            with { ProxyError = error };

    private static string NameOf(GatewayCall call) => call.Plan?.UpstreamName ?? "The upstream";

    private static string? Innermost(Exception? exception, Signature signature) => exception?.GetBaseException().Message is { } message ? signature.Clean(message, 200) : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Code} of {Upstream}: {Error}, {Reason} trace={TraceId}")]
        public static partial void Failed(ILogger logger, string code, string? upstream, ForwarderError error, string? reason, string traceId);
    }
}
