namespace CalGateway.Caching.Serving;

/// <summary>A request as it was written, and who may share its answer.</summary>
/// <param name="Version">The version that the caller asked for; empty where it asked for none, or none of its would be sent.</param>
/// <param name="Partition">As in the key of the cache.</param>
internal readonly record struct RequestText(string Method, string Path, string Query, string Version, string Partition)
{
    /// <summary>What an entry takes in <see cref="PreparedAnswers"/> beside its text.</summary>
    private const int Overhead = 500;

    public int Length => Path.Length + Query.Length + Version.Length;

    public int Bytes => Overhead + (Length * sizeof(char));

    public static RequestText Of(HttpRequest request, string version, string partition) =>
        new(request.Method, request.Path.Value!, request.QueryString.Value ?? "", version, partition);
}
