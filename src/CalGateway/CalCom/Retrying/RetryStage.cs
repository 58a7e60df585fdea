using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Polly;
using Polly.Retry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace CalGateway.CalCom.Retrying;

/// <summary>
/// Sends a request to Cal.com once more where that is safe and worth it. It is a stage of YARP's pipeline in front of admission and not a handler of the
/// HttpClient, so that the second attempt is admitted, measured and traced like any other, and its headers are made anew.
/// </summary>
internal sealed class RetryStage(RequestDelegate next, Retries retries)
{
    /// <summary>On the system's own clock: a pause that nothing depends on is not worth a clock that can be moved.</summary>
    private readonly ResiliencePipeline<bool> _twice = new ResiliencePipelineBuilder<bool>()
        .AddRetry(new RetryStrategyOptions<bool>
        {
            MaxRetryAttempts = 1,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result),
            DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(Jitter()),
        })
        .Build();

    public Task InvokeAsync(HttpContext context) =>
        CalComCluster.Is(context.GetReverseProxyFeature().Cluster.Config.ClusterId) && retries.AreEnabled ? SendAsync(context) : next(context);

    private static TimeSpan Jitter() => TimeSpan.FromMilliseconds(
        Random.Shared.Next((int)RetryRule.ShortestDelay.TotalMilliseconds, (int)RetryRule.LongestDelay.TotalMilliseconds + 1));

    private async Task SendAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        call.MayRetry = true;
        var attempts = ResilienceContextPool.Shared.Get(context.RequestAborted);
        try
        {
            await _twice.ExecuteAsync(static (_, request) => request.Stage.AttemptAsync(request.Context), attempts, (Stage: this, Context: context));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(attempts);
        }

        if (call.IsRetry)
            retries.Count(success: call.UpstreamStatus < StatusCodes.Status500InternalServerError && context.Features[typeof(IForwarderErrorFeature)] is null);
    }

    /// <summary>True where it is to be sent once more.</summary>
    private async ValueTask<bool> AttemptAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (!call.MayRetry)
            call.BeginRetry();
        await next(context);

        if (!call.MayRetry || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;

        call.MayRetry = false;
        var isWorthIt = call.IsAnswerWithheld
            || (context.Features[typeof(IForwarderErrorFeature)] is IForwarderErrorFeature failure && RetryRule.IsWorthAnother(context.Request, failure)
                && retries.TryTake(call, context.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address));
        if (!isWorthIt)
            return false;

        context.Response.Clear();
        context.Features[typeof(IForwarderErrorFeature)] = null;
        return true;
    }
}
