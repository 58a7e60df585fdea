using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Watching;

/// <summary>Tells when YARP has taken over a revision, or why it has not.</summary>
internal sealed class ProxyReload : IConfigChangeListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private TaskCompletionSource _done = new();
    private string? _expected;

    public void Expect(string revision)
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected = revision;
    }

    public void Wait()
    {
        try
        {
            _done.Task.WaitAsync(Patience).GetAwaiter().GetResult();
        }
        catch (TimeoutException failure)
        {
            throw new InvalidOperationException("YARP did not take over the revision in time.", failure);
        }
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (proxyConfigs[0].RevisionId == _expected)
            _done.TrySetResult();
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        _done.TrySetException(new InvalidOperationException("YARP refused the revision.", exception));

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        _done.TrySetException(new InvalidOperationException("YARP could not load the revision.", exception));

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }
}
