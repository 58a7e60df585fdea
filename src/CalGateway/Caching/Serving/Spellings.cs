using System.Collections.Concurrent;

namespace CalGateway.Caching.Serving;

/// <summary>A request exactly as it was written, and by whom.</summary>
/// <param name="Version">The version that the caller asked for; empty for none, and where none stands.</param>
internal readonly record struct Written(string Method, string Path, string Query, string Version, string Partition)
{
    /// <summary>What an entry takes beside its text.</summary>
    private const int Overhead = 300;

    public int Length => Path.Length + Query.Length + Version.Length;

    public int Bytes => Overhead + (Length * sizeof(char));

    public static Written Of(HttpRequest request, string version, string partition) =>
        new(request.Method, request.Path.Value!, request.QueryString.Value ?? "", version, partition);
}

/// <summary>Stored answers by the ways in which they were asked for, and about how many bytes those take.</summary>
internal sealed class Spellings
{
    private readonly ConcurrentDictionary<Written, PreparedAnswer> _answers = new();
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public PreparedAnswer? Find(Written written) => _answers.GetValueOrDefault(written);

    public void Add(Written written, PreparedAnswer prepared)
    {
        if (_answers.TryAdd(written, prepared))
            Interlocked.Add(ref _bytes, written.Bytes);
        else
            _answers[written] = prepared;
    }

    public void Remove(Written written)
    {
        if (_answers.TryRemove(written, out _))
            Interlocked.Add(ref _bytes, -written.Bytes);
    }

    /// <summary>At the end: nothing is added any more.</summary>
    public void Clear()
    {
        foreach (var (_, prepared) in _answers)
            prepared.Answer.LoseSpellings(this);
        _answers.Clear();
    }
}
