using System.Collections.Concurrent;
using CalGateway.Access.Settings;
using CalGateway.Problems;

namespace CalGateway.Access.Callers;

/// <summary>
/// Who has asked how often. An edit of the settings does not hand out a new share to those whose limit stays the same: what a revision
/// holds is found again by the next. Nothing else holds it, and no timer runs for it, so that it ends with its revision.
/// </summary>
internal sealed class Shares
{
    private readonly ConcurrentDictionary<(string Name, int Requests, TimeSpan Window), WeakReference<Share>> _consumers = new();
    private readonly ConcurrentDictionary<(int Requests, TimeSpan Window), WeakReference<AddressShares>> _addresses = new();

    public Share? OfConsumer(string name, RateLimitOptions? limit) => limit is null ? null
        : Kept(_consumers, (name, limit.Requests, limit.Window), () => new Share(limit.Requests, limit.Window));

    public AddressShares? OfAddresses(RateLimitOptions? limit) => limit is null ? null
        : Kept(_addresses, (limit.Requests, limit.Window), () => new AddressShares(limit.Requests, limit.Window));

    /// <param name="wait">Until there is something to take again.</param>
    /// <param name="whose">Share it is.</param>
    public static GatewayProblem Refusal(TimeSpan wait, string whose) => GatewayProblem
        .Of(ProblemTypes.TooManyRequests, $"The share of {whose} is used up for now.", "Ask again after the time that Retry-After gives.") with
    {
        RetryAfter = wait,
    };

    /// <summary>Called while a revision is made, never for a request.</summary>
    private static T Kept<TKey, T>(ConcurrentDictionary<TKey, WeakReference<T>> known, TKey key, Func<T> create)
        where TKey : notnull
        where T : class
    {
        if (known.TryGetValue(key, out var reference) && reference.TryGetTarget(out var kept))
            return kept;

        foreach (var gone in known.Where(pair => !pair.Value.TryGetTarget(out _)))
            known.TryRemove(gone);
        var created = create();
        known[key] = new WeakReference<T>(created);
        return created;
    }
}
