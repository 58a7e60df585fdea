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

/// <summary>May this caller ask this: the decision for one route of one revision, made on what Cal.com would receive.</summary>
internal sealed class RouteAccess
{
    private readonly CallerPolicy _policy;
    private readonly string[] _bases;
    private readonly VersionRule? _versions;

    /// <param name="route">The route.</param>
    /// <param name="plan">The revision's.</param>
    /// <param name="consumers">The versions that consumers have of their own.</param>
    /// <param name="cluster">Where the route's requests go, to know the paths that Cal.com's own stand below.</param>
    public RouteAccess(RouteConfig route, AccessPlan plan, ConsumerPins consumers, ClusterConfig? cluster)
    {
        Plan = plan;
        Target = ForwardedTarget.Of(route);
        IsCalCom = CalComCluster.IsTargetOf(route);
        TakesCallersTokens = CalCredentialTransformFactory.IsCallers(route);
        Signs = TakesCallersTokens || ApiVersionPin.Of(route) is not null || CalApiKeyQueryTransformFactory.IsOn(route);
        _policy = CallerPolicies.Of(route, plan.Mode);
        _bases = [.. BasesOf(cluster)];
        _versions = VersionRule.Of(route, consumers);
    }

    public AccessPlan Plan { get; }

    public ForwardedTarget Target { get; }

    /// <summary>Whether the route has what signs: a pin of the version, or the key in the query as API v1 wants it.</summary>
    public bool Signs { get; }

    /// <summary>The caller's own Cal.com token signs, and nothing of the gateway's.</summary>
    public bool TakesCallersTokens { get; }

    /// <summary>Whose credential the route sends to Cal.com, in a word: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public string Credential => TakesCallersTokens ? "caller" : Signs && IsCalCom ? "gateway" : "none";

    /// <summary>Other clusters are the operator's own: who calls matters, the catalogue does not.</summary>
    public bool IsCalCom { get; }

    /// <summary>Never forwarded: Cal.com answers every OPTIONS with an invitation to every web page.</summary>
    public bool AnswersItself(HttpRequest request) => IsCalCom && HttpMethods.IsOptions(request.Method);

    /// <summary>Null for a request that may go on; what signs it is on the call then.</summary>
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
        if (TakesCallersTokens && (token is null || Plan.IsOwn(token, call.Started)))
            return AccessProblems.WithoutToken(token is null ? fault : CallersTokens.OurKey);

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
            Exposure.ForKnownCallers => Plan.CanBeKnown ? AccessProblems.Unauthenticated(Plan) : AccessProblems.NotForStrangers(operation),
            Exposure.ForOthers => AccessProblems.NotYours(call.Caller, operation, method),
            _ => null,
        };
    }

    private Operation? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        if (CalComCatalogue.Default.Find(method, path) is { } operation)
            return operation;

        // A call of API v1 opens no more than the call of v2 that does the same.
        if (ApiV1Calls.Owns(path))
            return ApiV1Calls.Default.Find(method.ToString(), path.ToString())?.Operation;

        foreach (var folder in _bases)
        {
            if (CanonicalPath.TryFold(string.Concat(folder, path), out var below) && CalComCatalogue.Default.Find(method, below) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>A base URL that ends with a part of Cal.com's paths, as .../v2, would hide that part from the catalogue.</summary>
    private static IEnumerable<string> BasesOf(ClusterConfig? cluster) => (cluster?.Destinations?.Values ?? [])
        .Select(destination => Uri.TryCreate(destination.Address, UriKind.Absolute, out var address) ? address.AbsolutePath.TrimEnd('/') : "")
        .Where(path => path.Length > 0)
        .Distinct(StringComparer.OrdinalIgnoreCase);
}
