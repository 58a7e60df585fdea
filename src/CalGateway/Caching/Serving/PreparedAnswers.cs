using System.Collections.Concurrent;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Configuration;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Stored answers by the exact text of the requests that they answer, so that a repeated request needs no routing and no cache key. An entry is good for
/// one revision, and as long as <see cref="AnswerTable"/> has its answer.
/// </summary>
internal sealed class PreparedAnswers
{
    /// <summary>One answer can be asked for in endless ways, by the order of parameters and by escaping; so many are kept.</summary>
    private const int MostTextsOfAnswer = 4;

    /// <summary>
    /// All texts together may take this part of the cache's bound; then the table begins anew. The first text of each answer is counted in the answer's own
    /// weight and fits into it.
    /// </summary>
    private const int Share = 4;

    /// <summary>In characters. A longer request is found by its key.</summary>
    private const int LongestText = 512;

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
            if (_generation.TextOf(request, partition) is not { Length: <= LongestText } text)
                return;

            if (_generation.Bytes >= limits.MaxBytes / Share)
                Volatile.Write(ref _generation, new Generation(revision));

            // Whoever removes it marks it first, and then waits for the lock.
            if (!prepared.Answer.IsGone)
                _generation.Add(text, prepared);
        }
    }

    /// <summary>Nothing keeps an answer alive that the table does not count any more.</summary>
    private void Remove(StoredAnswer answer)
    {
        lock (_changing)
            _generation?.Remove(answer);
    }

    private sealed class Generation(Revision revision)
    {
        private readonly RequestMarks _marks = RequestMarks.Of(revision);
        private readonly ConcurrentDictionary<RequestText, PreparedAnswer> _answers = new();
        private readonly Dictionary<StoredAnswer, List<RequestText>> _texts = new(ReferenceEqualityComparer.Instance);

        public Revision Revision { get; } = revision;

        /// <summary>About what the texts take.</summary>
        public long Bytes { get; private set; }

        /// <summary>Null for a request whose route only routing can tell.</summary>
        public RequestText? TextOf(HttpRequest request, string partition) =>
            _marks.VersionOf(request) is { } version ? RequestText.Of(request, version, partition) : null;

        public PreparedAnswer? Find(RequestText text) => _answers.GetValueOrDefault(text);

        public void Add(RequestText text, PreparedAnswer prepared)
        {
            if (!_texts.TryGetValue(prepared.Answer, out var texts))
                _texts[prepared.Answer] = texts = new List<RequestText>(1);
            if (texts.Count >= MostTextsOfAnswer || !_answers.TryAdd(text, prepared))
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
