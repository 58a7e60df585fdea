namespace CalGateway.Sandbox.Routing;

/// <summary>Every operation of the hosted API, read from <c>operations.txt</c>. Finds the operation of a path.</summary>
internal sealed class OperationTable
{
    private readonly Dictionary<(string Method, string Template), Operation> operations = [];
    private readonly RouteNode root = new();

    public OperationTable()
    {
        using var resource = typeof(OperationTable).Assembly.GetManifestResourceStream("operations.txt")!;
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>Gives an operation of the table a real handler.</summary>
    public void Handle(string method, string template, ApiVersions versions, Handler handler) =>
        operations[(method, template)].Handle(versions, handler);

    public RouteMatch? Find(string method, string path, ApiVersions version)
    {
        // Express answers HEAD with GET's handler, and takes one trailing slash.
        var segments = (path.Length > 1 && path.EndsWith('/') ? path[1..^1] : path[1..]).Split('/');
        return root.Find(method == "HEAD" ? "GET" : method, segments, version);
    }

    private void Add(string[] fields)
    {
        var operation = new Operation(fields[0], fields[1]);
        foreach (var group in fields[2..])
        {
            var (letters, guard) = (group.Split(':')[0], group.Split(':')[1]);
            operation.Guard(VersionsOf(letters), Enum.Parse<Guard>(guard, ignoreCase: true));
        }

        operations.Add((operation.Method, operation.Template), operation);
        root.Add(operation);
    }

    private static ApiVersions VersionsOf(string letters) =>
        letters == "*" ? ApiVersions.All : letters.Aggregate(ApiVersions.None, (set, letter) => set | (ApiVersions)(1 << (letter - 'a')));
}
