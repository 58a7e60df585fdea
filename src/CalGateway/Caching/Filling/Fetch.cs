using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Journey.Callers;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

/// <summary>Runs one fill: looks for an answer of another gateway, otherwise asks Cal.com, and stores the answer if it may be stored.</summary>
internal sealed class Fetch(AnswerTable table, SharedAnswers shared, IServiceScopeFactory services, TimeProvider clock)
{
    /// <param name="former">The stored answer that is to be confirmed or replaced; null for none.</param>
    public async Task<FillResult> RunAsync(Fill fill, FillRequest request, StoredAnswer? former)
    {
        // Another fill may have stored the answer after the caller looked into the table and before this fill started.
        if (!fill.IsDemanded && table.Find(fill.Key) is { } latest && PhaseOf(latest, fill.Plan) is Phase.Fresh && PhaseOf(former, fill.Plan) > Phase.Fresh)
            return new FillResult.Found(latest);

        if (!fill.IsDemanded && fill.Owner is null && await FindSharedAsync(fill, request.Account, former) is { } found)
        {
            // It must be in a better phase than the answer stored here; otherwise each request would read it from Redis again.
            if (PhaseOf(found, fill.Plan) is Phase.Fresh or Phase.Revalidate && PhaseOf(found, fill.Plan) < PhaseOf(former, fill.Plan))
            {
                Store(fill, found);
                return new FillResult.Found(found);
            }

            // It can still be confirmed by Cal.com, or be served if Cal.com fails.
            fill.TryStore(() => table.Put(found, fill.Plan.Limits));
            former = found;
        }

        var exchange = await request.SendAsync(former?.UpstreamTag, services);
        return await ResultOfAsync(AnswerClassifier.Classify(exchange, asksIfChanged: former?.UpstreamTag is not null), fill, exchange, former);
    }

    private async Task<FillResult> ResultOfAsync(AnswerClass answer, Fill fill, Exchange exchange, StoredAnswer? former)
    {
        switch (answer)
        {
            case AnswerClass.Storable or AnswerClass.StorableEmpty:
                return Filled(fill, Prepare(fill, exchange, answer == AnswerClass.StorableEmpty, former), exchange);
            case AnswerClass.Unchanged:
                return Filled(fill, Confirm(former!, fill.Plan, exchange), exchange);
            case AnswerClass.NoMemory:
                return new FillResult.NoMemory(exchange);
            case AnswerClass.NotStorable:
                await WithdrawAsync(former, isRefused: false);
                return new FillResult.NotStorable(exchange);
            case AnswerClass.TooLarge or AnswerClass.Refusal:
                await WithdrawAsync(former, isRefused: answer == AnswerClass.Refusal);
                return new FillResult.Failed(answer, exchange);
            default:
                return new FillResult.Failed(answer, exchange); // what is stored may still be served
        }
    }

    private FillResult.Filled Filled(Fill fill, StoredAnswer answer, Exchange exchange)
    {
        Store(fill, answer);
        return new FillResult.Filled(answer, exchange);
    }

    private void Store(Fill fill, StoredAnswer answer)
    {
        if (!fill.TryStore(() => table.Put(answer, fill.Plan.Limits)))
            answer.MarkGone();
    }

    private Phase PhaseOf(StoredAnswer? answer, CachePlan plan) =>
        answer is null ? Phase.Over : answer.PhaseAt(table.AgeOf(answer), plan.WindowsOf(answer.IsEmpty));

    /// <summary>An answer in Redis that is newer than the one stored here; null for none.</summary>
    private async Task<StoredAnswer?> FindSharedAsync(Fill fill, Signature account, StoredAnswer? former) =>
        await shared.FindAsync(fill.Key, fill.Plan, account) is { } found && found.StoredAt > (former?.StoredAt ?? long.MinValue) ? found : null;

    /// <summary>For when the stored answer is not Cal.com's answer any more. It is evicted if Cal.com refuses the request, and otherwise kept for an outage.</summary>
    private async Task WithdrawAsync(StoredAnswer? former, bool isRefused)
    {
        if (former is null)
            return;

        // Redis comes first: otherwise the answer could be read from there again.
        if (former.Owner is null)
            await shared.ForgetAsync(former.Key);
        if (isRefused)
            table.Evict(former);
        else
            former.MarkUncertain();
    }

    private StoredAnswer Prepare(Fill fill, Exchange exchange, bool isEmpty, StoredAnswer? former) => new()
    {
        Key = fill.Key,
        Owner = fill.Owner,
        Tags = fill.Plan.Tags,
        Policy = fill.Plan.Policy,
        Body = former is not null && former.Body.Digest == Representations.DigestOf(exchange.Body) ? former.Body : Representations.Of(exchange.Body),
        Headers = fill.Plan.Edits.AppliedTo(StoredHeaders.Of(exchange), exchange.Status, kept: HeaderNames.Vary),
        UpstreamTag = exchange[HeaderNames.ETag] is [{ Length: > 0 } tag] ? tag : null,
        IsEmpty = isEmpty,
        StoredAt = clock.GetTimestamp(),
    };

    /// <summary>The headers of a confirmation replace those of the stored answer (RFC 9111, section 4.3.4).</summary>
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
