using System.Text;

namespace CalGateway.Configuration.Schema;

/// <summary>Turns offsets into places as an editor shows them, in one pass: it only ever moves on.</summary>
internal ref struct PlaceCursor(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    /// <param name="offset">Not before the one of the last call.</param>
    public Place At(int offset)
    {
        var passed = _utf8[_offset..offset];
        _offset = offset;

        var lastBreak = passed.LastIndexOf((byte)'\n');
        if (lastBreak >= 0)
        {
            _line += passed.Count((byte)'\n');
            _column = 1;
        }

        _column += Encoding.UTF8.GetCharCount(passed[(lastBreak + 1)..]);
        return new Place(_line, _column);
    }
}
