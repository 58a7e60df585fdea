using System.Text;
using CalGateway.Catalogue.Reading;

namespace CalGateway.Catalogue;

/// <summary>The shape of an answer: an older one that Cal.com gives at some versions, or the current one.</summary>
internal enum SeenShape
{
    /// <summary>It cannot be recognised.</summary>
    Unknown,
    Current,
    Legacy,
}

/// <summary>The JSON members of <c>data</c>, or of its first item, that tell the current shape of a family from its older one.</summary>
internal sealed class ShapeMarks((byte[] Name, SeenShape Shape)[] members, bool listIsCurrent)
{
    private const string List = "[]";

    /// <summary>A list is the current shape; the older one is never a list.</summary>
    public bool ListIsCurrent => listIsCurrent;

    /// <summary>Member names that occur in one of the two shapes only.</summary>
    public ReadOnlySpan<(byte[] Name, SeenShape Shape)> Members => members;

    /// <summary>Reads "[],lengthInMinutes|eventTypeGroups": the marks of the current shape stand before the bar.</summary>
    public static ShapeMarks Parse(string column)
    {
        var (current, legacy) = OperationLine.Halves(column);
        if (legacy is null)
            throw new FormatException($"{column} has no older shape.");

        var names = current.Split(',');
        var members = new List<(byte[] Name, SeenShape Shape)>();
        foreach (var name in names)
        {
            if (name != List)
                members.Add((Encoding.UTF8.GetBytes(name), SeenShape.Current));
        }

        foreach (var name in legacy.Split(','))
            members.Add((Encoding.UTF8.GetBytes(name), SeenShape.Legacy));
        return new ShapeMarks([.. members], names.Contains(List));
    }
}
