using CalGateway.Caching.Entries;
using CalGateway.Caching.Filling;
using CalGateway.Caching.Sharing;
using CalGateway.Configuration;
using CalGateway.Envelope;

namespace CalGateway.Caching.Evicting;

/// <summary>
/// Who evicts: writes that pass through the gateway, before their answer is sent, and operators by tag.
/// </summary>
internal sealed class Evictions(AnswerTable table, Flights flights, SharedAnswers shared, LateWrites late)
{
    /// <summary>Evicts what a write made untrue, when its answer is known and before the caller sees any of it.</summary>
    public void Watch(HttpContext context, RoutePlan plan)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
            return;

        var tags = plan.Writes.TagsOf(context.Request.Path);
        if (tags.Count > 0)
            context.Response.OnStarting(() => AfterAsync(AnswerTo(context), tags));
    }

    /// <summary>Evicts by tag at once, here and on every gateway that shares the store; how many answers this one had.</summary>
    public async Task<int> EvictAsync(string tag)
    {
        // The shared store first: what was evicted here would be found there again.
        await shared.EvictAsync(new Eviction(tag, KeepsForOutage: false));
        return EvictHere(tag);
    }

    /// <summary>What another gateway has evicted.</summary>
    public Task HearAsync(Eviction eviction)
    {
        if (eviction.KeepsForOutage)
            DoubtHere(eviction.Tag);
        else
            EvictHere(eviction.Tag);
        return shared.SweepAsync(eviction.Tag);
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
        flights.SupersedeAll();
        table.Doubt(_ => true);
    }

    /// <summary>The status of Cal.com's own answer, whatever the caller is told in its place; null where there was none, as when the caller hung up.</summary>
    private static int? AnswerTo(HttpContext context) => context.GetForwarderErrorFeature() is null
        ? GatewayCall.Of(context).Problem?.Upstream?.Status ?? context.Response.StatusCode
        : null;

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
        flights.Supersede(tag);
        return table.Evict(tag);
    }

    private void DoubtHere(string tag)
    {
        flights.Supersede(tag);
        table.Doubt(answer => answer.HasTag(tag));
    }
}
