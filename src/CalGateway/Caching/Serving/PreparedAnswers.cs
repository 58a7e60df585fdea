using System.Collections.Concurrent;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Configuration;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Stored answers by the exact text of the requests that they answer, so that a repeated request needs no routing and no cache key. An entry is valid for
/// one revision, and as long as <see cref="AnswerTable"/> holds its answer.
/// </summary>
internal sealed class PreparedAnswers
{
    /// <summary>Limits the entries for one answer, which can be requested in many ways, by the order and the escaping of parameters.</summary>
    private const int MaxTextsOfAnswer = 4;

    /// <summary>All texts may take a fourth of the cache's memory; then the table is emptied. The first of each answer counts in its weight.</summary>
    private const int MemoryDivisor = 4;

    /// <summary>In characters. Longer requests go through routing.</summary>
    private const int MaxTextLength = 512;

    private readonly Lock _changing = new();
    private Generation? _generation;

    public PreparedAnswers(AnswerTable table) => table.Removed += Remove;

    public PreparedAnswer? Find(Revision revision, string partition, HttpRequest request)
    {
        var generation = Volatile.Read(ref _generation);
        return generation is not null && ReferenceEquals(generation.Revision, revision) && generation.TextOf(request, partition) is { } text
            && generation.Find(text) is { Answer.IsGone: false } prepared
                ? prepared
                : null;
    }

    public void Add(Revision revision, string partition, HttpRequest request, PreparedAnswer prepared, CacheOptions limits)
    {
        lock (_changing)
        {
            if (_generation is null || !ReferenceEquals(_generation.Revision, revision))
                Volatile.Write(ref _generation, new Generation(revision));
            if (_generation.TextOf(request, partition) is not { Length: <= MaxTextLength } text)
                return;

            if (_generation.Bytes >= limits.MaxBytes / MemoryDivisor)
                Volatile.Write(ref _generation, new Generation(revision));

            // AnswerTable marks an answer as gone before Remove waits for this lock, so no answer is added after its removal.
            if (!prepared.Answer.IsGone)
                _generation.Add(text, prepared);
        }
    }

    /// <summary>Without this, an answer would stay in memory that the table no longer counts.</summary>
    private void Remove(StoredAnswer answer)
    {
        lock (_changing)
            _generation?.Remove(answer);
    }

    private sealed class Generation(Revision revision)
    {
        private readonly RequestMarks _marks = new(revision);
        private readonly ConcurrentDictionary<RequestText, PreparedAnswer> _answers = new();
        private readonly Dictionary<StoredAnswer, List<RequestText>> _texts = new(ReferenceEqualityComparer.Instance);

        public Revision Revision { get; } = revision;

        /// <summary>The estimated memory of the texts.</summary>
        public long Bytes { get; private set; }

        /// <summary>Null for a request that has to be routed.</summary>
        public RequestText? TextOf(HttpRequest request, string partition) =>
            _marks.VersionOf(request) is { } version ? RequestText.Of(request, version, partition) : null;

        public PreparedAnswer? Find(RequestText text) => _answers.GetValueOrDefault(text);

        public void Add(RequestText text, PreparedAnswer prepared)
        {
            if (!_texts.TryGetValue(prepared.Answer, out var texts))
                _texts[prepared.Answer] = texts = new List<RequestText>(1);
            if (texts.Count >= MaxTextsOfAnswer || !_answers.TryAdd(text, prepared))
                return;

            texts.Add(text);
            Bytes += text.Bytes;
        }

        public void Remove(StoredAnswer answer)
        {
            if (!_texts.Remove(answer, out var texts))
                return;

            foreach (var text in texts)
            {
                _answers.TryRemove(text, out _);
                Bytes -= text.Bytes;
            }
        }
    }
}
