namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// What is remembered of the values at one path: hashes with a seed of this process, to tell whether two answers have the same ones. The values
/// themselves are not kept, and nothing of this is ever shown or stored.
/// </summary>
internal sealed class ScalarsSeen
{
    /// <summary>Of an enumeration: Cal.com's longest have about twenty.</summary>
    public const int Most = 24;

    private const int LongestSequence = 100;
    private const int LongestWord = 40;

    private readonly HashSet<int> _distinct = [];
    private readonly List<int> _sequence = [];
    private bool _areWords = true;
    private bool _isBounded;

    /// <summary>How often a value was seen that is not null.</summary>
    public int Count { get; private set; }

    public IReadOnlySet<int> Distinct => _distinct;

    /// <summary>The first hundred, in their order.</summary>
    public IReadOnlyList<int> Sequence => _sequence;

    /// <summary>All values are words of letters, and few: what can be the values of an enumeration.</summary>
    public bool CanBeEnumeration => _areWords && !_isBounded && _distinct.Count > 0;

    /// <summary>All distinct values are known.</summary>
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
        if (_sequence.Count < LongestSequence)
            _sequence.Add(hash);
    }

    private void AddDistinct(int hash)
    {
        if (_distinct.Contains(hash))
            return;
        if (_distinct.Count < Most)
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

    private static bool IsWord(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > LongestWord)
            return false;

        foreach (var character in text)
        {
            if (!char.IsAsciiLetter((char)character) && character is not ((byte)'_' or (byte)'-'))
                return false;
        }

        return true;
    }
}
