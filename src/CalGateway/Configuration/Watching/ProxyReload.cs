using CalGateway.Configuration.Routing;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Watching;

/// <summary>
/// Hands a revision to YARP, waits until YARP has applied it, and then swaps the routing table; throws where one of these fails. YARP applies a
/// revision before <c>Update</c> returns, so that the wait matters only where it never reports.
/// </summary>
internal sealed class ProxyReload(ServedRoutes served) : IConfigChangeListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private TaskCompletionSource _done = new();
    private string? _expected;

    /// <param name="revision">What is to be served.</param>
    /// <param name="proxy">Where YARP reads it.</param>
    public void Take(Revision revision, InMemoryConfigProvider proxy)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected = revision.Id;
        proxy.Update(revision.Routes, revision.Clusters, revision.Id);
        _done.Task.WaitAsync(Patience).GetAwaiter().GetResult();
        served.Take(revision);
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (proxyConfigs[0].RevisionId == _expected)
            _done.TrySetResult();
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        Fail(proxyConfigs[0].RevisionId, exception);

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        _done.TrySetException(exception);

    private void Fail(string? revision, Exception exception)
    {
        if (revision == _expected)
            _done.TrySetException(exception);
    }

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }
}
