using CalGateway.CalCom.Admission;
using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>The first of the response transforms: Cal.com has answered, or it is known that it will not.</summary>
internal sealed class UpstreamResponseTransform(UpstreamTraffic traffic) : ResponseTransform
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
        }
        else
        {
            traffic.Failed(sent, call.Deadline.IsCancellationRequested ? FailureWords.Timeout : WordOf(context.HttpContext.GetForwarderErrorFeature()));
            (call.Admission as AdmissionLease)?.Failed();
        }

        return ValueTask.CompletedTask;
    }

    private static string WordOf(IForwarderErrorFeature? failure) => FailureWords.Of(failure?.Error ?? ForwarderError.None, failure?.Exception);
}
