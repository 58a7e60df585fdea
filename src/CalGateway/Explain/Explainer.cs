using CalGateway.Access.Callers;
using CalGateway.Caching.Entries;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>
/// Says what would become of a request, by asking those who would decide: routing for the route, the route's own transforms
/// for what is sent, its cache policy for the key. What is not asked here cannot disagree with them.
/// </summary>
internal sealed class Explainer(
    EndpointMatch match, Revisions revisions, AnswerTable table, CalComCatalogue catalogue, NotFoundTriage triage,
    SettingsFile file, TimeProvider clock, IServiceScopeFactory scopes)
{
    private const string Authorization = "Authorization";

    public async Task<Explanation> ExplainAsync(Asked asked)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = ContextOf(asked, scope.ServiceProvider);
        var call = new GatewayCall(context, "", clock.GetUtcNow(), revisions.Current);
        context.Features.Set(call);

        var explanation = new Explanation { Method = asked.Method, Path = asked.Path, Notes = asked.Notes, Revision = revisions.Current.Id };
        if (RequestRules.Refusal(context.Request) is { } refusal)
            return explanation with { Remedy = refusal.Detail };

        var endpoint = await match.FindAsync(context);
        if (endpoint?.Metadata.GetMetadata<RouteModel>() is not { } route || call.Plan is not { } plan)
            return WithoutRoute(explanation, endpoint);

        var access = AccessOf(plan, context);
        var cache = CacheOf(plan, context);
        var (address, sends) = await SentAsync(route, context);
        return WithCatalogue(
            explanation with
            {
                Revision = call.Revision,
                Route = plan.RouteId,
                Pattern = route.Config.Match.Path,
                Access = access,
                ApiVersion = call.SentApiVersion,
                Upstream = address?.GetLeftPart(UriPartial.Path),
                Sends = sends,
                Cache = cache,
                NotFound = plan.NotFound.ToString(),
            },
            route, address);
    }

    private static DefaultHttpContext ContextOf(Asked asked, IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = asked.Method;
        context.Request.Scheme = Uri.UriSchemeHttp;
        context.Request.Host = new HostString("localhost");
        context.Request.Protocol = HttpProtocol.Http11;
        context.Request.Path = asked.Path;
        context.Request.QueryString = new QueryString(asked.Query);
        return context;
    }

    /// <summary>The fallback is where no route matches.</summary>
    private static Explanation WithoutRoute(Explanation explanation, Endpoint? endpoint) =>
        endpoint is null || endpoint.Metadata.GetMetadata<NoRouteMark>() is not null || endpoint is not RouteEndpoint own
            ? explanation with { Remedy = "No route matches. Cal.com's API is below /calcom, as in /calcom/v2/event-types." }
            : explanation with { OwnEndpoint = own.RoutePattern.RawText };

    /// <summary>The rest of the explanation is for the first who may.</summary>
    private static List<AccessExplanation> AccessOf(RoutePlan plan, HttpContext context)
    {
        var rules = plan.Access.Plan;
        var call = GatewayCall.Of(context);
        var explained = new List<AccessExplanation>();
        Caller? first = null;
        foreach (var caller in rules.Keys.Callers.Prepend(rules.Nobody))
        {
            call.Caller = caller;
            var refusal = plan.Access.Refusal(context);
            first ??= refusal is null ? caller : null;
            explained.Add(new AccessExplanation(NameOf(caller), refusal?.Code, refusal?.Remedy));
        }

        call.Caller = first ?? rules.Nobody;
        _ = plan.Access.Refusal(context); // decides whose credential signs
        return explained;
    }

    private static string NameOf(Caller caller) => caller switch
    {
        { Name: { } name } => $"consumer {name}",
        { Kind: CallerKind.Loopback } => "anybody on this machine",
        _ => "a stranger",
    };

    private static async Task<(Uri? Address, IReadOnlyList<string> Sends)> SentAsync(RouteModel route, HttpContext context)
    {
        var destination = route.Cluster?.Destinations.Values.FirstOrDefault()?.Model.Config.Address;
        if (destination is null)
            return (null, []);

        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), (Uri?)null);
        await route.Transformer.TransformRequestAsync(context, request, destination, CancellationToken.None);
        var headers = request.Headers.NonValidated
            .Where(header => !header.Key.Equals(Authorization, StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {header.Value}");
        string[] credential = request.Headers.Authorization is null ? [] : [$"{Authorization}: the gateway's credential"];
        string[] query = GatewayCall.Of(context).Signature is not null && CalCom.V1.CalApiKeyQueryTransformFactory.IsOn(route.Config) ? ["the gateway's credential in the query"] : [];
        return (request.RequestUri, [.. credential, .. query, .. headers]);
    }

    private CacheExplanation CacheOf(RoutePlan plan, HttpContext context)
    {
        if (plan.Cache is not { } cache)
            return new CacheExplanation("none");

        var (key, bypass) = cache.Examine(context.Request, GatewayCall.Of(context).Caller!.Partition);
        if (key is null)
            return new CacheExplanation("bypass", bypass);

        var stored = table.Find(key);
        var windows = cache.WindowsOf(stored?.IsEmpty == true);
        return new CacheExplanation(
            "cached", null, key, windows.Fresh, windows.WhileRevalidate, windows.IfError, stored is null ? null : table.AgeOf(stored));
    }

    private Explanation WithCatalogue(Explanation explanation, RouteModel route, Uri? address)
    {
        if (address is null)
            return explanation with { Expected = "unknown" };

        var path = UpstreamPath.Below(route.Cluster!.Destinations.Values.First().Model.Config.Address, address);
        if (ApiV1Calls.Owns(path))
            return explanation with { Expected = "unknown", Because = "API v1 has no versions; the hosted Cal.com has switched it off." };
        if (catalogue.Find(explanation.Method, path) is not { } operation)
            return Missing(explanation, path);

        var sent = explanation.ApiVersion;
        explanation = explanation with { Operation = operation.ToString(), Because = Because(operation, sent) };
        if (operation.VersionsUnknown || sent is null)
            return explanation with { Expected = "unknown" };
        if (operation.AnswersAnyVersion)
            return explanation with { Expected = "answers" };

        var taken = catalogue.Advise(sent).TakenFor;
        return operation.Answers(taken)
            ? explanation with { Expected = operation.LegacyVersions.Contains(taken) ? "older-shape" : "answers" }
            : Missing(explanation, path);
    }

    private Explanation Missing(Explanation explanation, string path)
    {
        var miss = new UpstreamError(null, $"Cannot {explanation.Method} {path}", null);
        var problem = triage.Judge(new NotFoundCase(explanation.Method, path, explanation.ApiVersion, explanation.Route, file.Name), miss);
        return explanation with { Expected = problem.Code, Remedy = problem.Remedy };
    }

    private static string Because(Operation operation, string? sent) => (operation.RecommendedVersion, sent) switch
    {
        (_, null) => "The route pins no version: Cal.com assumes its oldest.",
        (null, _) when operation.VersionsUnknown => "The catalogue does not know its versions.",
        (null, _) => "Any version will do.",
        (var wanted, _) when wanted == sent => "It is the version to ask for.",
        var (wanted, _) => $"The version to ask for is {wanted}; it is answered at {Sentence.List(operation.Versions)}.",
    };
}
