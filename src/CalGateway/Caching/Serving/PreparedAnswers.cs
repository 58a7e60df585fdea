using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;

namespace CalGateway.Caching.Serving;

/// <summary>A stored answer and what routing and policy said of the request that it answers.</summary>
internal sealed record PreparedAnswer(StoredAnswer Answer, ServingWindows Windows, Endpoint Endpoint, Tally Tally);

/// <summary>
/// The stored answers by requests exactly as they were written, so that a repeated one need not be routed and have its key
/// made again. An entry is good for one revision and while its answer is; it holds nothing that the table does not.
/// </summary>
internal sealed class PreparedAnswers
{
    /// <summary>
    /// The part of the cache's bound that spellings may take. One of each answer, which is weighed with the answer, fits into it whatever the answers; the
    /// same one can be asked for in many ways, and a full set is started anew.
    /// </summary>
    private const int Share = 4;

    /// <summary>A longer one is found by its key.</summary>
    private const int LongestWritten = 512;

    private Generation? _generation;

    public PreparedAnswer? Find(Revision revision, string partition, HttpRequest request)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation is null || !ReferenceEquals(generation.Revision, revision))
            return null;

        var written = Written.Of(request, partition);
        if (generation.Spellings.Find(written) is not { } prepared)
            return null;
        if (!prepared.Answer.IsGone)
            return prepared;

        generation.Spellings.Remove(written);
        return null;
    }

    public void Remember(Revision revision, string partition, HttpRequest request, PreparedAnswer prepared, CacheOptions limits)
    {
        var written = Written.Of(request, partition);
        var generation = Volatile.Read(ref _generation);
        if (written.Length > LongestWritten || generation?.Has(revision, written) == true)
            return;

        if (generation is null || !ReferenceEquals(generation.Revision, revision) || generation.Spellings.Bytes >= limits.MaxBytes / Share)
        {
            generation = new Generation(revision);
            Interlocked.Exchange(ref _generation, generation)?.Spellings.Clear();
        }

        if (generation.IsUsable)
            prepared.Answer.Spell(generation.Spellings, () => generation.Spellings.Add(written, prepared), Forgetting(generation.Spellings, written));
    }

    /// <summary>Holds neither the generation nor the answer, which it may outlive.</summary>
    private static Action Forgetting(Spellings spellings, Written written) => () => spellings.Remove(written);

    private sealed class Generation(Revision revision)
    {
        public Revision Revision { get; } = revision;

        /// <summary>Where a route goes by host or header as well, only routing can tell which one it is.</summary>
        public bool IsUsable { get; } = revision.Routes.All(route => route.Match is { Hosts: null or { Count: 0 }, Headers: null or { Count: 0 } });

        public Spellings Spellings { get; } = new();

        public bool Has(Revision revision, Written written) => ReferenceEquals(Revision, revision) && Spellings.Find(written) is not null;
    }
}
