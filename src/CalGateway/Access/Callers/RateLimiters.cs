using System.Collections.Concurrent;
using CalGateway.Access.Settings;
using CalGateway.Problems;

namespace CalGateway.Access.Callers;

/// <summary>
/// The rate limiters of consumers and addresses. A limit that an edit leaves as it is goes on counting in the next revision. Only revisions hold a
/// limiter, and it has no timer, so it is garbage-collected with the last revision that has its limit.
/// </summary>
internal sealed class RateLimiters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Name, int Requests, TimeSpan Window), WeakReference<WindowLimiter>> _consumers = new();
    private readonly ConcurrentDictionary<(int Requests, TimeSpan Window), WeakReference<AddressLimiters>> _addresses = new();

    public WindowLimiter? OfConsumer(string name, RateLimitOptions? limit) => limit is null ? null
        : Kept(_consumers, (name, limit.Requests, limit.Window), () => new WindowLimiter(limit.Requests, limit.Window, clock));

    public AddressLimiters? OfAddresses(RateLimitOptions? limit) => limit is null ? null
        : Kept(_addresses, (limit.Requests, limit.Window), () => new AddressLimiters(limit.Requests, limit.Window, clock));

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
