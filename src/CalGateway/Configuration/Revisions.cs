using System.Collections.Concurrent;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>The revision in force. A new one is prepared aside and put in force with one swap of YARP's endpoints.</summary>
internal sealed class Revisions(Revision first) : IConfigChangeListener
{
    private readonly InMemoryConfigProvider _proxy = new(first.Routes, first.Clusters, first.Id);
    private readonly ConcurrentDictionary<string, Revision> _known = new() { [first.Id] = first };
    private Revision _current = first;
    private Revision _newest = first;

    public Revision Current => Volatile.Read(ref _current);

    /// <summary>Where YARP reads its routes and clusters.</summary>
    public IProxyConfigProvider Proxy => _proxy;

    public RoutePlan PlanOf(RouteConfig route) => _known[RevisionStamp.Read(route)].Plans[route.RouteId];

    public void PutInForce(Revision revision)
    {
        _known[revision.Id] = revision;
        _newest = revision;
        _proxy.Update(revision.Routes, revision.Clusters, revision.Id);
    }

    void IConfigChangeListener.ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        var applied = _known[proxyConfigs[0].RevisionId];
        Volatile.Write(ref _current, applied);

        // Requests under way carry their plan with them; only YARP's next reload asks by id.
        foreach (var id in _known.Keys.Where(id => id != applied.Id && id != _newest.Id))
            _known.TryRemove(id, out _);
    }

    void IConfigChangeListener.ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
    }

    void IConfigChangeListener.ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    void IConfigChangeListener.ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
    }
}
