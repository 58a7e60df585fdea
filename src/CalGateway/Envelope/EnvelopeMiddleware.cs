using System.Diagnostics;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Problems;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Logs;

namespace CalGateway.Envelope;

/// <summary>
/// The outermost stage: creates the <see cref="GatewayCall"/> with the request's id, adds the gateway's headers to the answer, turns exceptions into
/// problems, and writes metrics, span and access log.
/// </summary>
internal sealed partial class EnvelopeMiddleware(
    RequestDelegate next, Revisions revisions, GatewayMetrics metrics, AccessLog accesses, DrainState drain, TimeProvider clock, ILogger<EnvelopeMiddleware> logger)
{
    /// <summary>Made once, for every request.</summary>
    private readonly Func<object, Task> _writeHeaders = state =>
    {
        var context = (HttpContext)state;
        ResponseHeaders.Write(context, GatewayCall.Of(context));
        if (drain.HasBegun)
            ClosingConnections.RequestClose(context);
        return Task.CompletedTask;
    };

    public async Task InvokeAsync(HttpContext context)
    {
        var activity = Activity.Current;
        var call = new GatewayCall(context, TraceIds.Of(activity, context.Request.Headers), clock, revisions.Current.Plan);
        GatewayCall.Begin(context, call);
        context.Response.OnStarting(_writeHeaders, context);

        try
        {
            if (RequestRules.Refusal(context.Request) is { } refusal)
                await refusal.WriteToAsync(context);
            else
                await next(context);
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            await call.ProblemOf(failure).WriteToAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has closed the connection, so there is nobody to answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            Log.Bug(logger, failure, call.TraceId);
            await GatewayProblem.Of(ProblemTypes.InternalError, "The gateway failed over this request. Its log holds the reason under the trace id.")
                .WriteToAsync(context);
        }
        finally
        {
            if (!context.Response.HasStarted && context.RequestAborted.IsCancellationRequested)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody receives it; it is for logs, spans and metrics
            metrics.Record(call, context);
            if (activity is { IsAllDataRequested: true })
                SpanTags.Write(activity, call, context);
            accesses.Write(call, context);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request failed inside the gateway; this is a bug, trace={TraceId}")]
        public static partial void Bug(ILogger logger, Exception failure, string traceId);
    }
}
