using System.Text;

namespace CalGateway.Configuration.Schema;

/// <summary>Turns byte offsets into lines and columns as an editor shows them. It moves forward only, so that the text is scanned once.</summary>
internal ref struct PlaceCursor(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    /// <param name="offset">Must not be less than in the last call.</param>
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
