using CalGateway.Caching.Entries;
using CalGateway.Caching.Filling;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Sharing;
using CalGateway.Configuration;
using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Caching.Evicting;

/// <summary>
/// Who evicts: writes that pass through the gateway, before their answer is sent, and operators by tag.
/// </summary>
internal sealed class Evictions(AnswerTable table, Flights flights, SharedAnswers shared, LateWrites late, Revisions revisions)
{
    /// <summary>Evicts what a write made untrue, when its answer is known and before the caller sees any of it.</summary>
    public void Watch(HttpContext context, RoutePlan plan)
    {
        var call = GatewayCall.Of(context);
        if (call.Partition?.Owner is { } owner)
            context.Response.OnStarting(() => DropIfRefusedAsync(call, owner));

        var method = call.UpstreamMethod!;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
            return;

        var tags = plan.Part<WriteRules>()!.TagsOf(call.Operation, call.UpstreamPath);
        if (tags.Count > 0)
            context.Response.OnStarting(() => WasSent(context) ? AfterAsync(AnswerTo(context), tags) : Task.CompletedTask);
    }

    /// <summary>Cal.com has refused the caller's token, whatever was asked for: what is stored for it is over, before the caller is told.</summary>
    private Task DropIfRefusedAsync(GatewayCall call, string owner)
    {
        if (call.Problem is { EndsToken: true })
        {
            flights.Supersede(flight => flight.Owner == owner);
            table.EvictOwned(owner);
        }

        return Task.CompletedTask;
    }

    /// <summary>Evicts by tag at once, here and on every gateway that shares the store; how many answers this one had.</summary>
    public async Task<int> EvictAsync(string tag)
    {
        // The shared store first: what was evicted here would be found there again.
        await shared.EvictAsync(new Eviction(tag, KeepsForOutage: false));
        return EvictHere(tag);
    }

    /// <summary>What another gateway has evicted.</summary>
    public void Hear(Eviction eviction)
    {
        // In this order: once it is noted, what is found in the store is not believed any more. The sweep itself holds up no other eviction.
        _ = shared.SweepAsync(eviction.Tag);
        if (eviction.KeepsForOutage)
            DoubtHere(eviction.Tag);
        else
            EvictHere(eviction.Tag);
    }

    /// <summary>
    /// Whether a write that failed was carried out, nobody knows. What is stored is asked for anew, yet kept for as long as
    /// Cal.com fails: an outage must not empty the cache that bridges it.
    /// </summary>
    public async Task DoubtAsync(string tag)
    {
        await shared.EvictAsync(new Eviction(tag, KeepsForOutage: true));
        DoubtHere(tag);
    }

    /// <summary>Evictions may have been missed: what is stored is asked for anew before it is served.</summary>
    public void DoubtAll()
    {
        flights.Supersede(_ => true);
        table.Doubt(_ => true);
    }

    /// <summary>What was answered here, refused or not, has changed nothing; nor has what no connection could be had for.</summary>
    private static bool WasSent(HttpContext context) =>
        context.Features[typeof(IReverseProxyFeature)] is IReverseProxyFeature { ProxiedDestination: not null }
        && !HadNoConnection(context.GetForwarderErrorFeature());

    private static bool HadNoConnection(IForwarderErrorFeature? failure) => failure switch
    {
        { Error: ForwarderError.RequestTimedOut, Exception.InnerException: TimeoutException } => true, // HttpClient's own ConnectTimeout
        { Exception: HttpRequestException thrown } => thrown.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
        _ => false,
    };

    /// <summary>The status of the upstream's own answer, whatever the caller is told in its place; null where it is not known to have come whole.</summary>
    private static int? AnswerTo(HttpContext context)
    {
        if (context.GetForwarderErrorFeature() is not null)
            return null;
        if (GatewayCall.Of(context).UpstreamStatus is { } status)
            return status;

        // Of a cluster that is not Cal.com.
        return context.Response.StatusCode == StatusCodes.Status499ClientClosedRequest ? null : context.Response.StatusCode;
    }

    private async Task AfterAsync(int? status, IReadOnlyCollection<string> tags)
    {
        if (status is >= 400 and < 500)
            return; // refused: nothing has changed

        foreach (var tag in tags)
        {
            if (status < 400)
            {
                await EvictAsync(tag);
                continue;
            }

            await DoubtAsync(tag);
            late.Add(tag);
        }
    }

    private int EvictHere(string tag)
    {
        // In this order: what lands before its flight is superseded is in the table by then.
        var policies = PoliciesWith(tag);
        flights.Supersede(flight => flight.HasTag(tag) || policies.Contains(flight.Policy));
        return table.Evict(answer => answer.HasTag(tag) || policies.Contains(answer.Policy));
    }

    private void DoubtHere(string tag)
    {
        var policies = PoliciesWith(tag);
        flights.Supersede(flight => flight.HasTag(tag) || policies.Contains(flight.Policy));
        table.Doubt(answer => answer.HasTag(tag) || policies.Contains(answer.Policy));
    }

    /// <summary>By the tags in force: a policy's may have been edited since its answers were stored.</summary>
    private IReadOnlySet<string> PoliciesWith(string tag) => revisions.Current.Options<CacheOptions>().PoliciesWith(tag);
}
