using CalGateway.Catalogue.Matching;
using CalGateway.Catalogue.Reading;

namespace CalGateway.Catalogue;

/// <summary>
/// What Cal.com's API v2 offered on <see cref="Date"/>: its operations, their versions, who may call them, and at what risk.
/// It is advice only, because Cal.com may have changed since. Loaded once and immutable.
/// </summary>
internal sealed class CalComCatalogue(PathNode paths)
{
    private static readonly Lazy<CalComCatalogue> Embedded = new(CatalogueReader.ReadEmbedded);

    /// <summary>The catalogue that was built into this gateway.</summary>
    public static CalComCatalogue Default => Embedded.Value;

    /// <summary>The day on which Cal.com's API was read.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>All known versions, newest first, including <see cref="HostedOnlyVersions"/>.</summary>
    public required IReadOnlyList<string> KnownVersions { get; init; }

    /// <summary>The versions that api.cal.com knows and a self-hosted Cal.com does not.</summary>
    public required IReadOnlyList<string> HostedOnlyVersions { get; init; }

    /// <summary>The version that Cal.com silently assumes when a request has none, or one that Cal.com does not know.</summary>
    public required string DefaultVersion { get; init; }

    /// <summary>All operations, ordered by family and path as in operations.txt.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>
    /// The operation that Cal.com would route to, at whatever version; null where there is none. HEAD counts as GET. The path must have no query;
    /// case and one trailing slash make no difference. Allocates nothing.
    /// </summary>
    public Operation? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> path) => paths.Find(RequestMethod.AnsweredAs(method), path);

    /// <summary>The operations on a path, one for each method; empty where the path is unknown.</summary>
    public IReadOnlyList<Operation> FindPath(ReadOnlySpan<char> path)
    {
        var found = new List<Operation>();
        paths.Collect(path, found);
        return found;
    }

    /// <summary>Suggestions for a request for which <see cref="Find"/> returns null.</summary>
    public NearMatches FindNearMatches(string method, string path) => NearMatches.Of(paths, method, path);

    /// <summary>What the catalogue knows about a value of the cal-api-version header.</summary>
    public VersionAdvice Advise(string version) => VersionAdvice.On(version, this);
}
