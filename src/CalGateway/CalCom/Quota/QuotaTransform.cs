using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Quota;

/// <summary>Reads from every answer what is left of the quota of the key that signed.</summary>
internal sealed class QuotaTransform(QuotaBook quotas) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } answer)
            quotas.Note(GatewayCall.Of(context.HttpContext).Signature, answer);
        return ValueTask.CompletedTask;
    }
}
