using CalGateway.Access.Operations;
using CalGateway.Access.View;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.CalCom.V1;
using CalGateway.Diagnosis;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Diagnosis.Shape;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom;

/// <summary>What every route to Cal.com does, pinned or not: Cal.com is a third party, on the way there and on the way back.</summary>
internal sealed class CalComTransformProvider : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        if (!CalComCluster.IsTargetOf(context.Route))
        {
            context.ResponseTransforms.Add(new EveryonesHeadersTransform());
            context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<RetryAfterTransform>(context.Services));
            return;
        }

        context.UseDefaultForwarders = false;
        context.AddRequestHeadersAllowed(CallerHeaders.Forwarded);
        context.RequestTransforms.Add(new UpstreamEncodingTransform());
        context.RequestTransforms.Add(ActivatorUtilities.CreateInstance<ForwardedSeal>(context.Services));
        context.RequestTransforms.Add(ActivatorUtilities.CreateInstance<DepartureTransform>(context.Services));

        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<ArrivalTransform>(context.Services));
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<QuotaTransform>(context.Services));
        context.ResponseTransforms.Add(new ResponseHygieneTransform());
        context.ResponseTransforms.Add(new EveryonesHeadersTransform());
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<RetryAfterTransform>(context.Services));
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<DeprecationTransform>(context.Services));
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<DiagnosisTransform>(context.Services));
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<ShapeTransform>(context.Services));
        context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<KeyEchoTransform>(context.Services));
        context.ResponseTransforms.Add(new StrangersViewTransform());
    }
}
