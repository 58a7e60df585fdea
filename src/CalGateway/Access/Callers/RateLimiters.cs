using CalGateway.Access.Settings;
using CalGateway.Problems;

namespace CalGateway.Access.Callers;

/// <summary>The rate limiters of a revision. A limit that an edit leaves as it is goes on counting; one that comes back after it was edited away begins anew.</summary>
internal sealed class RateLimiters
{
    private readonly Dictionary<string, (RateLimit Limit, WindowLimiter Limiter)> _consumers = new(StringComparer.OrdinalIgnoreCase);
    private readonly RateLimit? _ofAddresses;

    /// <param name="inForce">Those of the revision in force; null at a start.</param>
    public RateLimiters(AccessOptions access, TimeProvider clock, RateLimiters? inForce)
    {
        foreach (var (name, consumer) in access.Consumers)
        {
            if (RateLimit.Of(consumer.RateLimit) is { } limit)
                _consumers[name] = inForce?._consumers.TryGetValue(name, out var kept) == true && kept.Limit == limit ? kept : (limit, new(limit.Requests, limit.Window, clock));
        }

        _ofAddresses = RateLimit.Of(access.RateLimit);
        if (_ofAddresses is { } ofAddresses)
            Addresses = inForce?._ofAddresses == ofAddresses ? inForce.Addresses : new AddressLimiters(ofAddresses.Requests, ofAddresses.Window, clock);
    }

    /// <summary>Null where addresses have no limit.</summary>
    public AddressLimiters? Addresses { get; }

    /// <summary>Null for a consumer without a limit.</summary>
    public WindowLimiter? OfConsumer(string name) => _consumers.TryGetValue(name, out var kept) ? kept.Limiter : null;

    public static GatewayProblem Refusal(TimeSpan wait, string whose) => GatewayProblem
        .Of(ProblemTypes.TooManyRequests, $"The share of {whose} is used up for now.", "Ask again after the time that Retry-After gives.") with
    {
        RetryAfter = wait,
    };

    private readonly record struct RateLimit(int Requests, TimeSpan Window)
    {
        public static RateLimit? Of(RateLimitOptions? options) => options is null ? null : new RateLimit(options.Requests, options.Window);
    }
}
