namespace CalGateway.Sandbox.Routing;

/// <summary>
/// A tree of path segments. A static segment is tried before a parameter. If it leads to no handler for the method and version, the parameter is tried,
/// as in Express.
/// </summary>
internal sealed class RouteNode
{
    private readonly Dictionary<string, RouteNode> statics = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Operation> operations = [];
    private RouteNode? parameter;

    public void Add(Operation operation)
    {
        var node = this;
        foreach (var segment in operation.Segments)
            node = segment.StartsWith('{') ? node.parameter ??= new() : node.Static(segment);
        node.operations.Add(operation);
    }

    public RouteMatch? Find(string method, string[] segments, ApiVersions version, int depth = 0)
    {
        if (depth == segments.Length)
            return Here(method, segments, version);

        RouteMatch? match = null;
        if (statics.TryGetValue(segments[depth], out var next))
            match = next.Find(method, segments, version, depth + 1);
        if (match is null && parameter is not null && segments[depth].Length > 0)
            match = parameter.Find(method, segments, version, depth + 1);
        return match;
    }

    private RouteMatch? Here(string method, string[] segments, ApiVersions version)
    {
        foreach (var operation in operations)
        {
            if (operation.Method == method && operation.At(version) is { } endpoint)
                return new RouteMatch(operation, endpoint, segments);
        }

        return null;
    }

    private RouteNode Static(string segment)
    {
        if (!statics.TryGetValue(segment, out var node))
            statics[segment] = node = new();
        return node;
    }
}
