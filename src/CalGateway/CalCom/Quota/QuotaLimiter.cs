using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// A rate limiter with one account for each key: each request takes one of the requests that its key has left in the current window. Two names in the settings
/// for the same key share an account, as they share the quota at Cal.com; a key that replaces another one gets a new account. Callers' own tokens have accounts too.
/// The number of accounts is limited.
/// </summary>
/// <param name="metrics">Counts waiting and refused requests; null to count nothing.</param>
/// <param name="pool">The pool that is shared with other gateways; null if nothing is shared.</param>
/// <param name="upstream">The base URLs of Cal.com in the settings in force: what was counted at others says nothing. Null where they cannot change.</param>
internal sealed class QuotaLimiter(Func<QuotaOptions> options, QuotaMetrics? metrics, TimeProvider clock, IQuotaPool? pool = null, Func<string>? upstream = null)
    : PartitionedRateLimiter<UpstreamDemand>
{
    /// <summary>Limits the accounts, because a caller can make up any number of tokens.</summary>
    private const int MaxAccounts = 1000;

    /// <summary>The name of the account for requests without a key, which Cal.com counts by our address.</summary>
    private const string Unsigned = "";

    private readonly ConcurrentDictionary<string, QuotaAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private string? _upstream;

    public int Accounts => _accounts.Count;

    public bool IsEnabled => options().Enabled;

    /// <summary>The state of a key's quota; null if nothing was sent with the key lately.</summary>
    public QuotaState? Read(Signature? key) => Find(key)?.Read();

    /// <summary>How many requests of a class may be sent with the key now; null if that is not known.</summary>
    public int? FreeFor(RequestClass @class, Signature? key) => Find(key)?.FreeFor(@class);

    /// <summary>A consumer's share of a key's current window; null if nothing was sent with the key lately.</summary>
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

    private QuotaAccount? Find(Signature? key)
    {
        ForgetFormerUpstream();
        return _accounts.GetValueOrDefault(key?.Fingerprint ?? Unsigned);
    }

    private QuotaAccount AccountOf(Signature? key)
    {
        ForgetFormerUpstream();
        var name = key?.Fingerprint ?? Unsigned;
        return _accounts.TryGetValue(name, out var account) ? account : Add(name, key);
    }

    /// <summary>
    /// Drops what was counted if an edit has changed Cal.com's address. The text is made once for each revision, so that comparing the references is usually enough.
    /// </summary>
    private void ForgetFormerUpstream()
    {
        var latest = upstream?.Invoke();
        if (ReferenceEquals(latest, Volatile.Read(ref _upstream)))
            return;

        lock (_changing)
        {
            if (_upstream is not null && latest != _upstream)
                _accounts.Clear();
            Volatile.Write(ref _upstream, latest);
        }
    }

    private QuotaAccount Add(string name, Signature? key)
    {
        if (_accounts.Count >= MaxAccounts)
            Prune();
        return _accounts.GetOrAdd(name, static (_, state) => state.Limiter.Create(state.Key), (Limiter: this, Key: key));
    }

    /// <summary>The account of requests without a key is not shared: Cal.com counts them by address, and each gateway has its own.</summary>
    private QuotaAccount Create(Signature? key) => key is null
        ? new(options, metrics, clock, pool: null, name: "")
        : new(options, metrics, clock, pool is { IsWanted: true } ? pool : null, Convert.ToHexStringLower(key.DeriveKey("quota").AsSpan(0, 16)));

    /// <summary>Removes the accounts without state; if there are still too many, half of those that no request uses at the moment.</summary>
    private void Prune()
    {
        foreach (var idle in _accounts.Where(account => account.Value.IsIdle))
            _accounts.TryRemove(idle);
        if (_accounts.Count < MaxAccounts)
            return;

        foreach (var quiet in _accounts.Where(account => account.Value.IsQuiet).Take(MaxAccounts / 2))
            _accounts.TryRemove(quiet);
    }
}
