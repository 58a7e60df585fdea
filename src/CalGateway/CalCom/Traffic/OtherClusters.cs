using System.Collections.Concurrent;
using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>The clusters other than Cal.com whose last request failed.</summary>
internal sealed class OtherClusters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Failure> _failing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True once a cluster has failed. Saves a look into the dictionary, with its locks, at every successful answer.</summary>
    private volatile bool _isUsed;

    /// <summary>The failing clusters, ordered by name.</summary>
    public IReadOnlyList<Failure> Failing => [.. _failing.Values.OrderBy(failure => failure.Cluster, StringComparer.Ordinal)];

    /// <param name="status">The status of the answer; null if there was none.</param>
    public void Record(string cluster, string? destination, int? status)
    {
        if (status is null or >= StatusCodes.Status500InternalServerError)
        {
            _isUsed = true;
            _failing[cluster] = new Failure(cluster, destination, status, clock.GetUtcNow());
        }
        else if (_isUsed)
        {
            _failing.TryRemove(cluster, out _);
        }
    }

    /// <param name="Destination">The base URL that the request was sent to. After an edit of it the failure does not count any more.</param>
    internal sealed record Failure(string Cluster, string? Destination, int? Status, DateTimeOffset At);
}

/// <summary>Records for a route to another cluster than Cal.com whether the cluster has answered.</summary>
internal sealed class OtherClusterTransform(string cluster, OtherClusters clusters) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var isCallers = context.ProxyResponse is null && !GatewayCall.Of(context.HttpContext).Deadline.IsCancellationRequested
            && context.HttpContext.RequestAborted.IsCancellationRequested;
        if (!isCallers) // a caller that hung up says nothing about the cluster
            clusters.Record(cluster, context.HttpContext.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Address, (int?)context.ProxyResponse?.StatusCode);
        return ValueTask.CompletedTask;
    }
}
