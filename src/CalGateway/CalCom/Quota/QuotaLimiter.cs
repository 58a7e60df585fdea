using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// The quota of each key: a request takes one of what its key has left in the window that runs. Two names in the settings for the same key are one account here
/// as they are at Cal.com; a key that replaces another begins anew. Callers' own tokens have accounts too, in a table that is bounded.
/// </summary>
/// <param name="options">The settings in force.</param>
/// <param name="metrics">Counts who waits and who is refused; null where nobody looks.</param>
/// <param name="clock">Its timestamps do not jump.</param>
/// <param name="pool">What is shared with other gateways; null for nothing.</param>
internal sealed class QuotaLimiter(Func<QuotaOptions> options, QuotaMetrics? metrics, TimeProvider clock, IQuotaPool? pool = null) : PartitionedRateLimiter<UpstreamDemand>
{
    /// <summary>A caller can make up any number of tokens.</summary>
    private const int MostAccounts = 1000;

    /// <summary>Requests without a key, which Cal.com counts by our address.</summary>
    private const string Unsigned = "";

    private readonly ConcurrentDictionary<string, QuotaAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>How many keys and tokens are known.</summary>
    public int Accounts => _accounts.Count;

    public bool IsEnabled => options().Enabled;

    /// <summary>Null where nothing was sent with the key lately.</summary>
    public QuotaState? Read(Signature? key) => Find(key)?.Read();

    /// <summary>What a class of requests may use of the key at once; null where nothing is known.</summary>
    public int? FreeFor(RequestClass @class, Signature? key) => Find(key)?.FreeFor(@class);

    /// <summary>Null where nothing was sent with the key lately.</summary>
    public QuotaBudget? BudgetOf(Signature? key, string? consumer) => Find(key)?.BudgetOf(consumer);

    public override RateLimiterStatistics? GetStatistics(UpstreamDemand resource)
    {
        var state = Read(resource.Key);
        return state is null ? null : new RateLimiterStatistics { CurrentAvailablePermits = state.Left ?? state.Limit, CurrentQueuedCount = state.Consumers.Sum(consumer => consumer.Waiting) };
    }

    protected override RateLimitLease AttemptAcquireCore(UpstreamDemand resource, int permitCount) => AccountOf(resource.Key).Take(resource);

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(UpstreamDemand resource, int permitCount, CancellationToken cancellationToken) =>
        AccountOf(resource.Key).TakeAsync(resource, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var (_, account) in _accounts)
                account.Dispose();
        }

        base.Dispose(disposing);
    }

    private QuotaAccount? Find(Signature? key) => _accounts.GetValueOrDefault(key?.Fingerprint ?? Unsigned);

    private QuotaAccount AccountOf(Signature? key)
    {
        var name = key?.Fingerprint ?? Unsigned;
        return _accounts.TryGetValue(name, out var account) ? account : Add(name, key);
    }

    private QuotaAccount Add(string name, Signature? key)
    {
        if (_accounts.Count >= MostAccounts)
            Prune();
        return _accounts.GetOrAdd(name, static (_, state) => state.Limiter.Create(state.Key), (Limiter: this, Key: key));
    }

    /// <summary>Requests without a key are counted by address, which is another one for each gateway.</summary>
    private QuotaAccount Create(Signature? key) => key is null
        ? new(options, metrics, clock, pool: null, name: "")
        : new(options, metrics, clock, pool is { IsWanted: true } ? pool : null, Convert.ToHexStringLower(key.DeriveKey("quota").AsSpan(0, 16)));

    /// <summary>What is known of a token that was not used for a window is nothing; where all are used, those that nothing is on its way for are forgotten.</summary>
    private void Prune()
    {
        foreach (var idle in _accounts.Where(account => account.Value.IsIdle))
            _accounts.TryRemove(idle);
        if (_accounts.Count < MostAccounts)
            return;

        foreach (var quiet in _accounts.Where(account => account.Value.IsQuiet).Take(MostAccounts / 2))
            _accounts.TryRemove(quiet);
    }
}
