using CalGateway.Configuration.Routing;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Watching;

/// <summary>
/// Has YARP take a revision over and then its endpoints served, or tells why not. YARP works while it is told: nothing here
/// waits unless it does not answer at all.
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
