using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.V1;
using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access;

/// <summary>Decides whether a caller may send a request, on one route of one revision. The decision is about the request that Cal.com would receive.</summary>
/// <param name="cluster">The cluster of the route. The addresses of its destinations may contain a part of Cal.com's paths.</param>
internal sealed class RouteAccess(RouteConfig route, AccessPlan plan, ConsumerPins consumers, ClusterConfig? cluster)
{
    private readonly CallerPolicy _policy = CallerPolicies.Of(route, plan.Mode);
    private readonly string[] _bases = [.. BasesOf(cluster)];
    private readonly VersionRule? _versions = VersionRule.Of(route, consumers);

    public AccessPlan Plan { get; } = plan;

    public ForwardedTarget Target { get; } = new(route);

    /// <summary>Whether the route signs requests: it pins a version, sends the key in the query for API v1, or sends the callers' own tokens.</summary>
    public bool Signs { get; } =
        CalCredentialTransformFactory.IsCallers(route) || ApiVersionPin.Of(route) is not null || CalApiKeyQueryTransformFactory.IsOn(route);

    /// <summary>Whether the caller's own Cal.com token signs requests, and never a key of the gateway.</summary>
    public bool TakesCallersTokens { get; } = CalCredentialTransformFactory.IsCallers(route);

    /// <summary>Whose credential the route sends to Cal.com: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public string Credential => TakesCallersTokens ? "caller" : Signs && IsCalCom ? "gateway" : "none";

    /// <summary>Whether the route goes to Cal.com. For the operator's other clusters only the caller is checked, not the operation.</summary>
    public bool IsCalCom { get; } = CalComCluster.IsTargetOf(route);

    /// <summary>Whether the gateway answers by itself. OPTIONS is never forwarded, because Cal.com's answer to it allows every web page to call.</summary>
    public bool AnswersItself(HttpRequest request) => IsCalCom && HttpMethods.IsOptions(request.Method);

    /// <summary>Why the request is refused; null if it is not. Sets on the call what later stages need, such as operation, version and signature.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        var forwarded = Target.Path(context.Request);
        var method = Target.Method(context.Request);
        call.UpstreamMethod = method;
        call.UpstreamPath = forwarded.ToString();
        if (!_policy.Admits(call.Caller!.Kind))
            return AccessProblems.Unauthenticated(Plan, TakesCallersTokens);
        if (!IsCalCom)
            return null;

        var (token, fault) = TakesCallersTokens ? CallersTokens.In(context.Request.Headers) : default;
        if (TakesCallersTokens && TokenRefusal(token, fault, call.Started) is { } refusal)
            return refusal;

        if (!CanonicalPath.TryFold(forwarded, out var path))
            return AccessProblems.Ambiguous(forwarded);

        var operation = Find(method, path);
        if (operation is null && CanonicalPath.HasForeignLetters(path))
            return AccessProblems.Ambiguous(forwarded);

        call.Operation = operation;
        var rights = token is not null && call.Caller.Kind == CallerKind.Anonymous ? Plan.RightsOfTokens : call.Caller.Part<Rights>()!;
        var exposure = rights.For(operation, path);
        call.Signature = Signs && exposure is (Exposure.Open or Exposure.OpenFiltered) ? call.Partition!.Signature : null;
        call.IsFiltered = exposure == Exposure.OpenFiltered;
        if (token is not null && exposure == Exposure.Open)
            call.SignWithToken(AccessPartition.OfToken(token, CallersTokens.HashOf(token), call.Caller.Kind, rights.Id));
        call.Version = _versions?.For(call.Caller, context.Request.Headers, operation) ?? default;
        return exposure switch
        {
            Exposure.Closed => AccessProblems.Closed(operation, method),
            Exposure.ForKnownCallers => Plan.CanBeKnown ? AccessProblems.Unauthenticated(Plan) : AccessProblems.NotForAnonymous(operation),
            Exposure.ForOthers => AccessProblems.NotYours(call.Caller, operation, method),
            _ => null,
        };
    }

    private GatewayProblem? TokenRefusal(string? token, string? fault, DateTimeOffset now)
    {
        if (token is null)
            return AccessProblems.WithoutToken(fault);

        return Plan.IsOwn(token, now) switch
        {
            true => AccessProblems.WithoutToken(CallersTokens.OurKey),
            null => AccessProblems.NotTried(),
            _ => null,
        };
    }

    private Operation? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        if (CalComCatalogue.Default.Find(method, path) is { } operation)
            return operation;

        // A call of API v1 needs the same rights as the call of v2 that does the same.
        if (ApiV1Calls.Owns(path))
            return ApiV1Calls.Default.Find(method.ToString(), path.ToString())?.Operation;

        foreach (var folder in _bases)
        {
            if (CanonicalPath.TryFold(string.Concat(folder, path), out var below) && CalComCatalogue.Default.Find(method, below) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The paths in the base URLs of the cluster. One such as <c>.../v2</c> has to be put before the request's path to find the operation.</summary>
    private static IEnumerable<string> BasesOf(ClusterConfig? cluster) => (cluster?.Destinations?.Values ?? [])
        .Select(destination => Uri.TryCreate(destination.Address, UriKind.Absolute, out var address) ? address.AbsolutePath.TrimEnd('/') : "")
        .Where(path => path.Length > 0)
        .Distinct(StringComparer.OrdinalIgnoreCase);
}
