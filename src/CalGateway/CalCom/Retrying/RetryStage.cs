using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace CalGateway.CalCom.Retrying;

/// <summary>
/// Sends a request to Cal.com once more where that is safe and worth it. It is a stage of YARP's pipeline in front of admission and not a handler of the
/// HttpClient, so that the second attempt is admitted, measured and traced like any other, and its headers are made anew. Polly's retry around the stage would
/// cost every forward 1 µs and 630 bytes for a loop of two turns.
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
        await Task.Delay(Pause(), TimeProvider.System, context.RequestAborted); // no time that a test would move by hand: it has no other effect
        call.BeginRetry();
        UpstreamTags.WriteResend();
        await next(context);
        retries.Count(success: call.UpstreamStatus < StatusCodes.Status500InternalServerError && context.Features[typeof(IForwarderErrorFeature)] is null);
    }

    /// <summary>Whether there is room for it was asked before an answer was withheld; for what got none it is asked here.</summary>
    private bool IsWorthAnother(HttpContext context, GatewayCall call) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
        && (call.IsAnswerWithheld
            || (context.Features[typeof(IForwarderErrorFeature)] is IForwarderErrorFeature failure && RetryRule.IsWorthAnother(context.Request, failure)
                && retries.TryTake(call, context.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address)));

    /// <summary>Another one each time, so that requests that failed together do not come back together.</summary>
    private static TimeSpan Pause() => RetryRule.ShortestDelay + (Random.Shared.NextDouble() * (RetryRule.LongestDelay - RetryRule.ShortestDelay));
}
