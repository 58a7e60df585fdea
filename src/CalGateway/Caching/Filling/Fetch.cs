using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Sharing;
using CalGateway.Journey;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

/// <summary>The errand of one flight: what another gateway has fetched already, else what Cal.com says; and what is stored of it.</summary>
internal sealed class Fetch(AnswerTable table, SharedAnswers shared, IServiceScopeFactory services, TimeProvider clock)
{
    public async Task<FlightResult> RunAsync(Flight flight, DetachedRequest request, CachePlan plan, StoredAnswer? former)
    {
        // Between a caller's look into the table and the start of this flight, another one may have landed.
        if (!flight.IsDemanded && table.Find(flight.Key) is { } landed && PhaseOf(landed, plan) is Phase.Fresh && PhaseOf(former, plan) > Phase.Fresh)
            return new FlightResult(Verdict.Store, landed, Exchange: null);

        if (!flight.IsDemanded && flight.Owner is null && await FindSharedAsync(flight.Key, plan, request.Account, former) is { } found)
        {
            // As stale as what is here already, it would be fetched and found stale for ever.
            if (PhaseOf(found, plan) is Phase.Fresh or Phase.Revalidate && PhaseOf(found, plan) < PhaseOf(former, plan))
                return Land(flight, plan, Verdict.Store, found, exchange: null);

            // Good for confirmation, and for when Cal.com fails.
            flight.TryLand(() => table.Put(found, plan.Limits));
            former = found;
        }

        var exchange = await request.SendAsync(former?.UpstreamTag, services);
        var verdict = Judge.Of(exchange, asksIfChanged: former?.UpstreamTag is not null);
        return verdict switch
        {
            Verdict.Store or Verdict.StoreEmpty => Land(flight, plan, verdict, Prepare(flight, plan, exchange, verdict, former), exchange),
            Verdict.Unchanged => Land(flight, plan, verdict, Confirm(former!, plan, exchange), exchange),
            _ => await RefuseAsync(verdict, exchange, former),
        };
    }

    /// <summary>Evicts what is stored for a caller's token.</summary>
    public void Drop(string owner) => table.EvictOwned(owner);

    private FlightResult Land(Flight flight, CachePlan plan, Verdict verdict, StoredAnswer answer, Exchange? exchange)
    {
        if (!flight.TryLand(() => table.Put(answer, plan.Limits)))
            answer.Leave();
        return new FlightResult(verdict, answer, exchange);
    }

    private Phase PhaseOf(StoredAnswer? answer, CachePlan plan) =>
        answer is null ? Phase.Over : answer.PhaseAt(table.AgeOf(answer), plan.WindowsOf(answer.IsEmpty));

    /// <summary>What another gateway has fetched meanwhile; null where ours is as new.</summary>
    private async Task<StoredAnswer?> FindSharedAsync(string key, CachePlan plan, Signature account, StoredAnswer? former) =>
        await shared.FindAsync(key, plan, account) is { } found && found.StoredAt > (former?.StoredAt ?? long.MinValue) ? found : null;

    private async Task<FlightResult> RefuseAsync(Verdict verdict, Exchange exchange, StoredAnswer? former)
    {
        if (former is not null && verdict is Verdict.Refusal or Verdict.NotToBeStored or Verdict.TooLarge)
        {
            if (former.Owner is null)
                await shared.ForgetAsync(former.Key); // first: it would be found there again
            if (verdict == Verdict.Refusal)
                table.Evict(former);
            else
                former.Doubt(); // there is a newer one, which is not stored: this one is for an outage
        }

        return new FlightResult(verdict, null, exchange);
    }

    private StoredAnswer Prepare(Flight flight, CachePlan plan, Exchange exchange, Verdict verdict, StoredAnswer? former) => new()
    {
        Key = flight.Key,
        Owner = flight.Owner,
        Tags = plan.Tags,
        Policy = plan.Policy,
        Body = former is not null && former.Body.Digest == Representations.DigestOf(exchange.Body) ? former.Body : Representations.Of(exchange.Body),
        Headers = plan.Edits.AppliedTo(StoredHeaders.Of(exchange), exchange.Status, kept: HeaderNames.Vary),
        UpstreamTag = exchange[HeaderNames.ETag] is [{ Length: > 0 } tag] ? tag : null,
        IsEmpty = verdict == Verdict.StoreEmpty,
        StoredAt = clock.GetTimestamp(),
    };

    /// <summary>What is said anew of it takes the place of what was said before (RFC 9111, section 4.3.4).</summary>
    private StoredAnswer Confirm(StoredAnswer former, CachePlan plan, Exchange exchange) => new()
    {
        Key = former.Key,
        Owner = former.Owner,
        Tags = plan.Tags,
        Policy = plan.Policy,
        Body = former.Body,
        Headers = plan.Edits.AppliedTo(StoredHeaders.Of(exchange), former.Headers, kept: HeaderNames.Vary),
        UpstreamTag = former.UpstreamTag,
        IsEmpty = former.IsEmpty,
        StoredAt = clock.GetTimestamp(),
    };
}
