using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom.Retrying;

/// <summary>
/// Sends a request to Cal.com a second time where <see cref="RetryRule"/> allows it. This is a stage of YARP's pipeline before admission, and not a
/// <c>DelegatingHandler</c>, so that the second attempt is admitted, measured and traced like the first. Polly's retry strategy is not used: it would cost every
/// forward 1 µs and 630 bytes.
/// </summary>
internal sealed class RetryStage(RequestDelegate next, Retries retries)
{
    public Task InvokeAsync(HttpContext context) =>
        CalComCluster.Is(context.GetReverseProxyFeature().Cluster.Config.ClusterId) && retries.AreEnabled ? SendAsync(context) : next(context);

    private async Task SendAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        call.MayRetry = true;
        await next(context);

        call.MayRetry = false;
        if (!IsWorthAnother(context, call))
            return;

        context.Response.Clear();
        context.Features[typeof(IForwarderErrorFeature)] = null;
        await Task.Delay(Pause(), TimeProvider.System, context.RequestAborted); // the system clock, because with a test's clock that stands still the request would never go on
        call.BeginRetry();
        UpstreamTags.WriteResend();
        await next(context);
        retries.Count(success: call.UpstreamStatus < StatusCodes.Status500InternalServerError && context.Features[typeof(IForwarderErrorFeature)] is null);
    }

    /// <summary>If an answer is withheld, the budget was asked before; for a request without an answer it is asked here.</summary>
    private bool IsWorthAnother(HttpContext context, GatewayCall call) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
        && (call.IsAnswerWithheld
            || (context.Features[typeof(IForwarderErrorFeature)] is IForwarderErrorFeature failure && RetryRule.IsWorthAnother(context.Request, failure)
                && retries.TryTake(call, context.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address)));

    /// <summary>Random, so that requests that failed together are not sent again together.</summary>
    private static TimeSpan Pause() => RetryRule.MinDelay + (Random.Shared.NextDouble() * (RetryRule.MaxDelay - RetryRule.MinDelay));
}
