using System.Text;
using CalGateway.Catalogue.Reading;

namespace CalGateway.Catalogue;

/// <summary>Which of a family's shapes an answer has.</summary>
internal enum SeenShape
{
    /// <summary>It cannot be told from what was seen.</summary>
    Unknown,
    Current,
    Legacy,
}

/// <summary>By which members of <c>data</c>, or of its first item, the current shape of a family is told from its older one.</summary>
internal sealed class ShapeMarks
{
    private const string List = "[]";

    private readonly (byte[] Name, SeenShape Shape)[] _members;

    private ShapeMarks((byte[] Name, SeenShape Shape)[] members, bool listIsCurrent)
    {
        _members = members;
        ListIsCurrent = listIsCurrent;
    }

    /// <summary>The older shape is never a list.</summary>
    public bool ListIsCurrent { get; }

    /// <summary>Each speaks for one shape alone.</summary>
    public ReadOnlySpan<(byte[] Name, SeenShape Shape)> Members => _members;

    /// <summary>"[],lengthInMinutes|eventTypeGroups": those of the current shape before the bar.</summary>
    public static ShapeMarks Parse(string column)
    {
        var (current, legacy) = OperationLine.Halves(column);
        var names = current.Split(',');
        var members = Named(names.Where(name => name != List), SeenShape.Current)
            .Concat(Named((legacy ?? throw new FormatException($"{column} has no older shape.")).Split(','), SeenShape.Legacy));
        return new ShapeMarks([.. members], names.Contains(List));
    }

    private static IEnumerable<(byte[] Name, SeenShape Shape)> Named(IEnumerable<string> names, SeenShape shape) =>
        names.Select(name => (Encoding.UTF8.GetBytes(name), shape));
}
