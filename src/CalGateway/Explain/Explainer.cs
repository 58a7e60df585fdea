using CalGateway.Access;
using CalGateway.Access.Settings;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.CalCom;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Configuration.Routing;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>
/// Explains how a request would be handled. It runs the same code as a real request (routing for the route, the route's transforms for what is sent,
/// its cache policy for the key), so that the explanation cannot differ from what happens.
/// </summary>
internal sealed class Explainer(
    ServedRoutes served, OtherRoutes others, Revisions revisions, AnswerTable table, ExpectedAnswer expected, QuotaLimiter quotas, UpstreamLanes lanes,
    TimeProvider clock, IServiceScopeFactory scopes)
{
    private const string Authorization = "Authorization";

    /// <summary>Stands for a caller's token. Nothing is sent, so any value will do.</summary>
    private const string PlaceholderToken = "Bearer a-callers-own-token";

    private const string OptionsAnswer =
        "OPTIONS is answered here, and Cal.com never hears of it: a browser's preflight (with Origin and Access-Control-Request-Method) by " +
        "CalGateway:Access:Cors, any other with the methods that there are.";

    /// <summary>Headers whose values are shown. Values of other headers are not: an operator may have put a secret there.</summary>
    private static readonly string[] ShownHeaders = [ApiVersionPin.Header, "Accept-Encoding"];

    public async Task<Explanation> ExplainAsync(DescribedRequest asked)
    {
        await using var scope = scopes.CreateAsyncScope();
        asked = await MeantAsync(asked, scope.ServiceProvider);
        var context = ContextOf(asked, scope.ServiceProvider);
        var call = GatewayCall.Of(context);

        var explanation = new Explanation { Method = asked.Method, Path = asked.Path, Notes = asked.Notes, Revision = revisions.Current.Id };
        if (RequestRules.Refusal(context.Request) is { } refusal)
            return explanation with { Expected = refusal.Code, Because = refusal.Detail, Remedy = refusal.Remedy };

        var endpoint = await FindAsync(context);
        if (endpoint?.Metadata.GetMetadata<RouteModel>() is not { } route || call.Plan is not { } plan)
            return WithoutRoute(explanation, endpoint) with { OtherRoutes = Some(await OthersAsync(asked, taken: null, scope.ServiceProvider)) };

        var access = plan.Part<RouteAccess>()!;
        var consumer = asked.Consumer ?? await PresentedAsync(access, context, call);
        if (access.TakesCallersTokens && context.Request.Headers.Authorization.Count == 0)
        {
            context.Request.Headers.Authorization = PlaceholderToken;
            explanation = explanation with { Notes = [.. explanation.Notes, "Explained for a caller that brings a Cal.com token; without one it is 401 unauthenticated."] };
        }

        var settings = revisions.Current.Options<AccessOptions>();
        var callers = AccessExplainer.Explain(plan, context, settings, consumer);
        explanation = explanation with
        {
            Caller = AccessExplainer.NameOf(call.Caller!),
            Revision = call.Revision,
            Route = plan.RouteId,
            Pattern = route.Config.Match.Path,
            Credential = access.Credential,
            OtherRoutes = Some(await OthersAsync(asked, route.Config, scope.ServiceProvider)),
            Access = callers,
            Limits = LimitsExplanation.Of(plan, settings, route, revisions.Current.Get<UpstreamOptions>(), call.UpstreamMethod ?? context.Request.Method),
        };
        if (access.Plan.Loopback?.Refusal(context.Request) is { } foreign)
            return explanation with { Expected = foreign.Code, Because = foreign.Detail, Remedy = foreign.Remedy };
        if (access.AnswersItself(context.Request))
            return explanation with { Expected = "204", Because = OptionsAnswer };

        var cache = CacheOf(plan, context);
        if (cache.Key is not null && HttpMethods.IsHead(asked.Method))
            context.Request.Method = HttpMethods.Get; // the cache answers a HEAD from the stored GET
        var (address, sends) = await SentAsync(route, context);
        return WithAccess(expected.AddTo(
            explanation with
            {
                Transforms = RouteTransforms.Of(route.Config),
                Order = RouteTransforms.InOrder(route.Config),
                ApiVersion = call.SentApiVersion,
                CallersVersion = call.Version.IsCallers ? true : null,
                ConsumersVersion = call.Version.Consumer?.Consumer,
                PinnedAt = PlaceOf(route, call.Version.Consumer),
                Quota = access.IsCalCom && quotas.IsEnabled ? QuotaState.Describe(AdmissionStage.ClassOf(call), quotas.Read(call.Signature)) : null,
                Circuit = access.IsCalCom ? CircuitOf(call, route) : null,
                Shadow = plan.Part<ShadowSettings>() is { Percent: > 0 } shadow && HttpMethods.IsGet(asked.Method)
                    ? FormattableString.Invariant($"{shadow.Version}, for {shadow.Percent} % of what is answered at the pin")
                    : null,
                Upstream = address?.GetLeftPart(UriPartial.Path),
                Sends = sends,
                Cache = cache,
                NotFound = plan.Part<DiagnosisPlan>()!.NotFound.ToString(),
            },
            call, route, address, AsksForAnotherVersion(plan, context)));
    }

    /// <summary>Why the named consumer cannot be explained; null where it can, and where none is named.</summary>
    public string? ConsumerError(DescribedRequest asked) =>
        asked.Consumer is { } consumer ? AccessExplainer.ConsumerError(consumer, revisions.Current.Get<AccessPlan>(), revisions.Current.Options<AccessOptions>()) : null;

    /// <summary>The consumer whose key or token is in the headers; null for none.</summary>
    private static async Task<string?> PresentedAsync(RouteAccess access, HttpContext context, GatewayCall call)
    {
        var caller = await access.Plan.IdentifyAsync(context, call);
        call.AcceptedCredential = null;
        return caller?.Name;
    }

    private Task<IReadOnlyList<OtherRoute>> OthersAsync(DescribedRequest asked, RouteConfig? taken, IServiceProvider services) =>
        others.FindAsync(asked, taken, revisions.Current.Routes, request => ContextOf(request, services));

    private static IReadOnlyList<OtherRoute>? Some(IReadOnlyList<OtherRoute> routes) => routes.Count == 0 ? null : routes;

    /// <summary>The caller sent a version of its own on a route that allows that, but this version is not accepted.</summary>
    private static bool AsksForAnotherVersion(RoutePlan plan, HttpContext context) =>
        plan.TakesCallersVersion && !GatewayCall.Of(context).Version.IsCallers
        && context.Request.Headers[ApiVersionPin.Header] is { Count: > 0 } sent && sent != (GatewayCall.Of(context).Version.Consumer?.Version ?? plan.ApiVersion);

    /// <summary>Puts the gateway's prefix in front of a path that no route takes as it is. If one would with another header or host, a note says so.</summary>
    private async Task<DescribedRequest> MeantAsync(DescribedRequest asked, IServiceProvider services)
    {
        var below = asked.BelowPrefix();
        if (below == asked || await IsServedAsync(asked, services))
            return asked;

        var asItIs = await OthersAsync(asked, taken: null, services);
        if (asItIs.Count > 0 && !await IsServedAsync(below, services))
            return asked;

        return below with { Notes = [.. below.Notes, .. asItIs.Select(other => $"As it is, {asked.Path} would take the route {other}.")] };
    }

    private async Task<bool> IsServedAsync(DescribedRequest asked, IServiceProvider services) =>
        (await FindAsync(ContextOf(asked, services)))?.Metadata.GetMetadata<RouteModel>() is not null;

    /// <summary>Finds the endpoint with the routing table that serves requests.</summary>
    private async Task<Endpoint?> FindAsync(HttpContext context)
    {
        await served.Table.FindAsync(context);
        return context.GetEndpoint();
    }

    private DefaultHttpContext ContextOf(DescribedRequest asked, IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = asked.Method;
        context.Request.Scheme = Uri.UriSchemeHttp;
        context.Request.Host = new HostString(asked.Host);
        context.Request.Protocol = HttpProtocol.Http11;
        context.Request.Path = asked.Path;
        context.Request.QueryString = new QueryString(asked.Query);
        foreach (var (name, value) in asked.Headers)
            context.Request.Headers[name] = StringValues.Concat(context.Request.Headers[name], value); // Append would leave out an empty value
        GatewayCall.Begin(context, new GatewayCall(context, "", clock, revisions.Current.Plan));
        return context;
    }

    /// <summary>No route matches: the request gets the no-route problem, or an endpoint of the gateway itself answers.</summary>
    private static Explanation WithoutRoute(Explanation explanation, Endpoint? endpoint) =>
        endpoint is null || NoRoute.IsAt(endpoint) || endpoint is not RouteEndpoint own
            ? explanation with { Expected = ProblemTypes.NoRoute.Code, Remedy = "No route matches. Cal.com's API is below /calcom, as in /calcom/v2/event-types." }
            : explanation with { OwnEndpoint = own.RoutePattern.RawText };

    /// <summary>The line of the file that sets the version: the route's pin, or the consumer's own version.</summary>
    private string? PlaceOf(RouteModel route, ConsumerPin? own)
    {
        if (ApiVersionPin.Of(route.Config) is not { } pin)
            return null;

        return revisions.Current.Settings.SourceOf(own?.Setting ?? pin.KeyOn(route.Config));
    }

    private static async Task<(Uri? Address, IReadOnlyList<string> Sends)> SentAsync(RouteModel route, HttpContext context)
    {
        var destination = DestinationOf(route);
        if (destination is null)
            return (null, []);

        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), (Uri?)null);
        await route.Transformer.TransformRequestAsync(context, request, destination, CancellationToken.None);
        var headers = request.Headers.NonValidated
            .Where(header => !header.Key.Equals(Authorization, StringComparison.OrdinalIgnoreCase))
            .Select(header => ShownHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase) ? $"{header.Key}: {header.Value}" : header.Key);
        string[] credential = request.Headers.Authorization is null ? [] : [$"{Authorization}: {(GatewayCall.Of(context).IsSignedByCaller ? "the caller's own token" : "the gateway's credential")}"];
        string[] query = GatewayCall.Of(context).Signature is not null && CalCom.V1.CalApiKeyQueryTransformFactory.IsOn(route.Config) ? ["the gateway's credential in the query"] : [];
        return (request.RequestUri, [.. credential, .. query, .. headers]);
    }

    private string CircuitOf(GatewayCall call, RouteModel route) => UpstreamLane.Describe(
        DestinationOf(route) is { } destination ? lanes.Find(call.Signature, destination) : null, revisions.Current.Get<UpstreamOptions>());

    private static string? DestinationOf(RouteModel route) => route.Cluster?.Destinations.Values.FirstOrDefault()?.Model.Config.Address;

    private CacheExplanation CacheOf(RoutePlan plan, HttpContext context)
    {
        if (plan.Part<CachePlan>() is not { } cache)
            return new CacheExplanation("none");

        var call = GatewayCall.Of(context);
        var (key, bypass) = cache.Examine(context.Request, call.Partition!.Text, call.Version.InPlaceOfPin);
        if (key is null)
            return new CacheExplanation("bypass", bypass);

        var stored = table.Find(key);
        var windows = cache.WindowsOf(stored?.IsEmpty == true);
        if (stored is null)
            return new CacheExplanation("cached", null, key, windows.Fresh, windows.WhileRevalidate, windows.IfError);

        var age = table.AgeOf(stored);
        return new CacheExplanation(
            "cached", null, key, windows.Fresh, windows.WhileRevalidate, windows.IfError, age, stored.PhaseAt(age, windows).ToString(), windows.SecondsLeft(age));
    }

    /// <summary>Where every caller is refused with the same problem, that problem is the expected answer, because nothing reaches Cal.com.</summary>
    private static Explanation WithAccess(Explanation explanation) =>
        explanation.Access is { } callers && callers.DistinctBy(caller => caller.Refused).ToList() is [{ Refused: { } code } first]
            ? explanation with { Expected = code, Remedy = first.Remedy }
            : explanation;
}
