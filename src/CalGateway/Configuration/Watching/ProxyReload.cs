using CalGateway.Configuration.Routing;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Watching;

/// <summary>
/// Gives a revision to YARP, waits until YARP has applied it, and then swaps the routing table; throws if any of these fails. YARP applies a revision
/// before <c>Update</c> returns, so the timeout matters only if YARP never reports.
/// </summary>
internal sealed class ProxyReload(ServedRoutes served) : IConfigChangeListener
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private TaskCompletionSource _done = new();
    private string? _expected;

    public void Apply(Revision revision, InMemoryConfigProvider proxy)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected = revision.Id;
        proxy.Update(revision.Routes, revision.Clusters, revision.Id);
        _done.Task.WaitAsync(Timeout).GetAwaiter().GetResult();
        served.Apply(revision);
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (proxyConfigs[0].RevisionId == _expected)
            _done.TrySetResult();
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        if (proxyConfigs[0].RevisionId == _expected)
            _done.TrySetException(exception);
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        _done.TrySetException(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }
}
