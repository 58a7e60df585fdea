using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Retrying;
using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>The first of the response transforms: records that Cal.com has answered, or that there will be no answer.</summary>
internal sealed class UpstreamResponseTransform(UpstreamTraffic traffic, Retries retries) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        if (call.Sent is not { } sent)
            return ValueTask.CompletedTask;

        if (context.ProxyResponse is { } answer)
        {
            call.UpstreamStatus = (int)answer.StatusCode;
            traffic.Answered(sent, answer);
            (call.Admission as AdmissionLease)?.Answered(answer);
            if (call.MayRetry && RetryRule.IsWorthAnother(context.HttpContext.Request, answer) && retries.TryTake(call, sent.Destination))
                call.IsAnswerWithheld = context.SuppressResponseBody = true;
        }
        else
        {
            var failure = context.HttpContext.GetForwarderErrorFeature();
            var word = ErrorTypeOf(call, failure);
            traffic.Failed(sent, word);
            (call.Admission as AdmissionLease)?.Failed(isUpstreams: word != ErrorTypes.Cancelled, hadConnection: !ErrorTypes.HadNoConnection(failure?.Exception));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A fill of the cache has no caller that could hang up: if it is cancelled before an answer, its deadline is over.</summary>
    private static string ErrorTypeOf(GatewayCall call, IForwarderErrorFeature? failure)
    {
        var word = ErrorTypes.Of(failure?.Error ?? ForwarderError.None, failure?.Exception);
        return call.Deadline.IsCancellationRequested || (call.IsFill && word == ErrorTypes.Cancelled) ? ErrorTypes.Timeout : word;
    }
}
