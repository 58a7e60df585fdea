using CalGateway.Access.Operations;
using CalGateway.Access.View;
using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Traffic;
using CalGateway.CalCom.V1;
using CalGateway.Diagnosis;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Diagnosis.Shape;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway;

/// <summary>
/// What is done to a request on its way to Cal.com, and to the answer on its way back, in order. The transforms of <c>yarp.json</c> run after the
/// gateway's defaults, so that they can change these, and before what keeps the gateway safe, so that they cannot undo it.
/// </summary>
internal sealed class ForwardingTransforms : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        if (CalComCluster.IsTargetOf(context.Route))
        {
            ApplyToRequest(context);
            ApplyToResponse(context);
            ApplyToTrailers(context);
        }

        if (BodyHeadersTransform.IsNeeded(context.Route))
            context.RequestTransforms.Add(new BodyHeadersTransform());
        ApplyEdits(context);
        if (!CalComCluster.IsTargetOf(context.Route) && context.Route.ClusterId is { } other)
            context.ResponseTransforms.Insert(0, new OtherClusterTransform(other, context.Services.GetRequiredService<OtherClusters>()));
    }

    private static void ApplyToRequest(TransformBuilderContext context)
    {
        var transforms = context.RequestTransforms;
        var signing = transforms.Where(transform => transform is CalApiVersionTransform or CalApiKeyQueryTransform or CallersCredentialTransform).ToList();
        var ofFile = transforms.Except(signing).Where(transform => transform is not RequestHeadersAllowedTransform).ToList();

        context.UseDefaultForwarders = false;
        context.CopyRequestHeaders = false;
        transforms.Clear();
        transforms.Add(new CallerHeadersTransform(context.Route));
        transforms.Add(new UpstreamEncodingTransform());
        foreach (var transform in ofFile.Concat(signing))
            transforms.Add(transform);
        transforms.Add(ActivatorUtilities.CreateInstance<ForwardedTargetCheck>(context.Services));
        transforms.Add(ActivatorUtilities.CreateInstance<UpstreamRequestTransform>(context.Services));
    }

    private static void ApplyToResponse(TransformBuilderContext context)
    {
        context.CopyResponseHeaders = false;
        var transforms = context.ResponseTransforms;
        transforms.Clear(); // ApplyEdits adds those of the file again
        transforms.Add(ActivatorUtilities.CreateInstance<UpstreamResponseTransform>(context.Services));
        transforms.Add(new ResponseHygieneTransform());
        transforms.Add(new ExchangeHeadersTransform());
        transforms.Add(ActivatorUtilities.CreateInstance<RetryAfterTransform>(context.Services));
        transforms.Add(new LocationTransform(new ForwardedTarget(context.Route)));
        transforms.Add(ActivatorUtilities.CreateInstance<DeprecationTransform>(context.Services));
        transforms.Add(ActivatorUtilities.CreateInstance<DiagnosisTransform>(context.Services));
        transforms.Add(ActivatorUtilities.CreateInstance<ShapeTransform>(context.Services));
        transforms.Add(ActivatorUtilities.CreateInstance<DriftTransform>(context.Services));
        if (ShadowSettings.Of(context.Route) is { Percent: > 0 } shadow)
            transforms.Add(new ShadowTransform(shadow, context.Services.GetRequiredService<ShadowReads>()));
        transforms.Add(ActivatorUtilities.CreateInstance<KeyEchoTransform>(context.Services));
        transforms.Add(new PublicViewTransform());
    }

    private static void ApplyToTrailers(TransformBuilderContext context)
    {
        context.CopyResponseTrailers ??= false;
        context.ResponseTrailersTransforms.Insert(0, new TrailerHygieneTransform());
    }

    private static void ApplyEdits(TransformBuilderContext context)
    {
        var edits = new HeaderEdits(context.Route);
        if (!CalComCluster.IsTargetOf(context.Route))
        {
            if (!edits.IsEmpty)
                context.CopyResponseHeaders = true;
            context.ResponseTransforms.Clear(); // edits has all response transforms that the file can name
            context.ResponseTransforms.Add(new ExchangeHeadersTransform());
            context.ResponseTransforms.Add(ActivatorUtilities.CreateInstance<RetryAfterTransform>(context.Services));
        }

        if (!edits.IsEmpty)
            context.ResponseTransforms.Add(new HeaderEditsTransform(edits));
    }
}
