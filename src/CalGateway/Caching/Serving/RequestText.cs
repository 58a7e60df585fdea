namespace CalGateway.Caching.Serving;

/// <summary>The text of a request, and who may share its answer.</summary>
/// <param name="Version">The version that the caller asked for; empty if it asked for none, or no route sends the caller's version.</param>
internal readonly record struct RequestText(string Method, string Path, string Query, string Version, string Partition)
{
    /// <summary>The memory of an entry in <see cref="PreparedAnswers"/> without its text.</summary>
    private const int Overhead = 500;

    public int Length => Path.Length + Query.Length + Version.Length;

    public int Bytes => Overhead + (Length * sizeof(char));

    public static RequestText Of(HttpRequest request, string version, string partition) =>
        new(request.Method, request.Path.Value!, request.QueryString.Value ?? "", version, partition);
}
