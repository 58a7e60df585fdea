using System.Collections.Concurrent;
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
    /// <summary>The same answer can be asked for in many ways of writing; a full set of them is started anew.</summary>
    private const int Capacity = 16_384;

    private Generation? _generation;

    public PreparedAnswer? Find(Revision revision, string partition, HttpRequest request)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation is null || !ReferenceEquals(generation.Revision, revision))
            return null;

        var written = new Written(request.Path.Value!, request.QueryString.Value ?? "", partition);
        if (!generation.Answers.TryGetValue(written, out var prepared))
            return null;
        if (!prepared.Answer.IsGone)
            return prepared;

        generation.Answers.TryRemove(KeyValuePair.Create(written, prepared));
        return null;
    }

    public void Remember(Revision revision, string partition, HttpRequest request, PreparedAnswer prepared)
    {
        var generation = Volatile.Read(ref _generation);
        if (generation is null || !ReferenceEquals(generation.Revision, revision) || generation.Answers.Count >= Capacity)
        {
            generation = new Generation(revision);
            Volatile.Write(ref _generation, generation);
        }

        generation.Answers[new Written(request.Path.Value!, request.QueryString.Value ?? "", partition)] = prepared;
    }

    private readonly record struct Written(string Path, string Query, string Partition);

    private sealed class Generation(Revision revision)
    {
        public Revision Revision { get; } = revision;

        public ConcurrentDictionary<Written, PreparedAnswer> Answers { get; } = new();
    }
}
