namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>StackExchange.Redis cannot cancel a call. These methods stop waiting for one and leave it to end by itself.</summary>
internal static class AbandonedCalls
{
    public static Task OrAbandonAsync(this Task call, CancellationToken cancellation) => Observed(call).WaitAsync(cancellation);

    public static Task OrAbandonAsync(this Task call, TimeSpan timeout, TimeProvider clock) => Observed(call).WaitAsync(timeout, clock);

    /// <summary>Observes the exception of an abandoned call, which would otherwise be reported as unobserved.</summary>
    public static Task Observed(Task call)
    {
        _ = call.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return call;
    }
}
