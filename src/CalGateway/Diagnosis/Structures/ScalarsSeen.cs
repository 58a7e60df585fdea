using System.Buffers;

namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Hashes of the values at one path, with a seed of this process, to tell whether two answers have the same values. The values themselves are not kept, and
/// the hashes are neither shown nor stored.
/// </summary>
internal sealed class ScalarsSeen
{
    /// <summary>The longest enumeration of Cal.com has about twenty values.</summary>
    public const int MaxDistinct = 24;

    private const int MaxSequence = 100;
    private const int MaxWordLength = 40;

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"u8);

    private readonly HashSet<int> _distinct = [];
    private readonly List<int> _sequence = [];
    private bool _areWords = true;
    private bool _isBounded;

    /// <summary>The number of values that are not null.</summary>
    public int Count { get; private set; }

    public IReadOnlySet<int> Distinct => _distinct;

    /// <summary>The hashes of the first hundred values, in their order.</summary>
    public IReadOnlyList<int> Sequence => _sequence;

    /// <summary>True where all values are words of letters and there are few of them, as in an enumeration.</summary>
    public bool CanBeEnumeration => _areWords && !_isBounded && _distinct.Count > 0;

    /// <summary>False where there are more distinct values than are kept.</summary>
    public bool IsComplete => !_isBounded;

    public void AddWord(ReadOnlySpan<byte> text) => Add(HashOf(text), IsWord(text));

    public void AddOther(ReadOnlySpan<byte> raw) => Add(HashOf(raw), isWord: false);

    public void Add(ScalarsSeen other)
    {
        Count += other.Count;
        _areWords &= other._areWords;
        _isBounded |= other._isBounded;
        foreach (var value in other._distinct)
            AddDistinct(value);
    }

    private void Add(int hash, bool isWord)
    {
        Count++;
        _areWords &= isWord;
        AddDistinct(hash);
        if (_sequence.Count < MaxSequence)
            _sequence.Add(hash);
    }

    private void AddDistinct(int hash)
    {
        if (_distinct.Contains(hash))
            return;
        if (_distinct.Count < MaxDistinct)
            _distinct.Add(hash);
        else
            _isBounded = true;
    }

    private static int HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private static bool IsWord(ReadOnlySpan<byte> text) => text.Length is > 0 and <= MaxWordLength && !text.ContainsAnyExcept(WordBytes);
}
