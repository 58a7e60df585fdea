using System.Diagnostics.CodeAnalysis;

namespace CalGateway.Catalogue.Matching;

/// <summary>
/// One segment in the tree of paths. A literal is tried before a parameter, in the order in which Cal.com registers its routes. If the literal has no
/// match for the rest of the path or the method, the parameter is tried. The depth of the tree limits the work, whatever the path.
/// </summary>
internal sealed class PathNode
{
    private readonly Dictionary<string, PathNode> literals = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Operation> operations = [];
    private int longestLiteral;

    public IReadOnlyDictionary<string, PathNode> Literals => literals;

    public PathNode? Parameter { get; private set; }

    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>False if the tree already has the same method on the same path.</summary>
    public bool TryAdd(Operation operation)
    {
        var node = this;
        for (var rest = operation.Template.AsSpan(); TryTakeSegment(ref rest, out var segment);)
            node = segment[0] == '{' ? node.Parameter ??= new PathNode() : node.Literal(segment.ToString());

        if (node.OperationFor(operation.Method) is not null)
            return false;
        node.operations.Add(operation);
        return true;
    }

    public Operation? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> rest)
    {
        if (rest is "" or "/")
            return OperationFor(method);
        if (!TryTakeSegment(ref rest, out var segment))
            return null;
        return (TryGetLiteral(segment, out var literal) ? literal.Find(method, rest) : null) ?? Parameter?.Find(method, rest);
    }

    /// <summary>Adds the operations on the path, except those whose method is in the list already.</summary>
    public void Collect(ReadOnlySpan<char> rest, List<Operation> found)
    {
        if (rest is "" or "/")
            found.AddRange(operations.ExceptBy(found.Select(earlier => earlier.Method), operation => operation.Method).ToArray());
        else if (TryTakeSegment(ref rest, out var segment))
        {
            if (TryGetLiteral(segment, out var literal))
                literal.Collect(rest, found);
            Parameter?.Collect(rest, found);
        }
    }

    public Operation? OperationFor(ReadOnlySpan<char> method)
    {
        foreach (var operation in operations)
        {
            if (method.Equals(operation.Method, StringComparison.OrdinalIgnoreCase))
                return operation;
        }

        return null;
    }

    private PathNode Literal(string segment)
    {
        longestLiteral = Math.Max(longestLiteral, segment.Length);
        return TryGetLiteral(segment, out var known) ? known : literals[segment] = new PathNode();
    }

    /// <summary>A segment that is longer than every literal is not hashed, because hashing a long one takes time.</summary>
    private bool TryGetLiteral(ReadOnlySpan<char> segment, [NotNullWhen(true)] out PathNode? literal)
    {
        literal = null;
        return segment.Length <= longestLiteral
            && literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out literal);
    }

    /// <summary>Takes "/segment" off the front. False for an empty segment, as in "//".</summary>
    private static bool TryTakeSegment(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> segment)
    {
        segment = [];
        if (rest is not ['/', ..])
            return false;
        var end = rest[1..].IndexOf('/');
        segment = end < 0 ? rest[1..] : rest[1..(end + 1)];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return !segment.IsEmpty;
    }
}
