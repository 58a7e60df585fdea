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

        if (generation.WrittenOf(request, partition) is not { } written || generation.Spellings.Find(written) is not { } prepared)
            return null;
        if (!prepared.Answer.IsGone)
            return prepared;

        generation.Spellings.Remove(written);
        return null;
    }

    public void Remember(Revision revision, string partition, HttpRequest request, PreparedAnswer prepared, CacheOptions limits)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation is null || !ReferenceEquals(generation.Revision, revision))
            generation = Begin(revision);
        if (generation.WrittenOf(request, partition) is not { Length: <= LongestWritten } written || generation.Spellings.Find(written) is not null)
            return;

        if (generation.Spellings.Bytes >= limits.MaxBytes / Share)
            generation = Begin(revision);
        var spellings = generation.Spellings;
        prepared.Answer.Spell(spellings, () => spellings.Add(written, prepared), Forgetting(spellings, written));
    }

    private Generation Begin(Revision revision)
    {
        var next = new Generation(revision);
        Interlocked.Exchange(ref _generation, next)?.Spellings.Clear();
        return next;
    }

    /// <summary>Holds neither the generation nor the answer, which it may outlive.</summary>
    private static Action Forgetting(Spellings spellings, Written written) => () => spellings.Remove(written);

    private sealed class Generation(Revision revision)
    {
        private readonly RequestMarks _marks = RequestMarks.Of(revision);

        public Revision Revision { get; } = revision;

        public Spellings Spellings { get; } = new();

        /// <summary>Null for a request that only routing can tell the route of.</summary>
        public Written? WrittenOf(HttpRequest request, string partition) =>
            _marks.VersionOf(request) is { } version ? Written.Of(request, version, partition) : null;
    }
}
