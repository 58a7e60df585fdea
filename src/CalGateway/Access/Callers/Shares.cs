using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using CalGateway.Access.Settings;
using CalGateway.Diagnosis;

namespace CalGateway.Access.Callers;

/// <summary>Who has asked how often. An edit of the settings does not hand out a new share to those whose limit stays the same.</summary>
internal sealed class Shares
{
    private readonly ConcurrentDictionary<(string Name, int Requests, TimeSpan Window), RateLimiter> _consumers = new();
    private readonly ConcurrentDictionary<(int Requests, TimeSpan Window), PartitionedRateLimiter<IPAddress>> _addresses = new();

    public RateLimiter? OfConsumer(string name, RateLimitOptions? limit) => limit is null ? null
        : _consumers.GetOrAdd((name, limit.Requests, limit.Window), key => new FixedWindowRateLimiter(Window(key.Requests, key.Window)));

    public PartitionedRateLimiter<IPAddress>? OfAddresses(RateLimitOptions? limit) => limit is null ? null
        : _addresses.GetOrAdd((limit.Requests, limit.Window), key => PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            address => RateLimitPartition.GetFixedWindowLimiter(ClientAddress.Household(address), _ => Window(key.Requests, key.Window))));

    /// <summary>Null where the lease was given.</summary>
    public static GatewayProblem? Refusal(RateLimitLease lease, string whose)
    {
        if (lease.IsAcquired)
            return null;

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return GatewayProblem.Of(ProblemTypes.TooManyRequests, $"The share of {whose} is used up for now.", "Ask again after the time that Retry-After gives.")
            with { RetryAfter = wait };
    }

    private static FixedWindowRateLimiterOptions Window(int requests, TimeSpan window) =>
        new() { PermitLimit = requests, Window = window, AutoReplenishment = true, QueueLimit = 0 };
}
