using CalGateway.Catalogue.Matching;
using CalGateway.Catalogue.Reading;

namespace CalGateway.Catalogue;

/// <summary>
/// What Cal.com's API v2 offers, as known on <see cref="Date"/>: which operations, at which versions, open to whom, at what risk.
/// It advises and never decides, for Cal.com may be ahead of it. Loaded once, never changed, safe to share.
/// </summary>
internal sealed class CalComCatalogue(PathNode paths)
{
    private static readonly Lazy<CalComCatalogue> Embedded = new(CatalogueReader.ReadEmbedded);

    /// <summary>The one this gateway was built with.</summary>
    public static CalComCatalogue Default => Embedded.Value;

    /// <summary>The day on which Cal.com's sources were read.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Newest first, <see cref="HostedOnlyVersions"/> included.</summary>
    public required IReadOnlyList<string> KnownVersions { get; init; }

    /// <summary>Those that api.cal.com knows and a self-hosted Cal.com does not.</summary>
    public required IReadOnlyList<string> HostedOnlyVersions { get; init; }

    /// <summary>What Cal.com silently assumes when the version is missing or unknown to it.</summary>
    public required string DefaultVersion { get; init; }

    /// <summary>In the order of the resource: by family, then by path.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>
    /// The operation that Cal.com would route to, if there is one at any version. HEAD counts as GET. The path is without its query;
    /// case and one trailing slash make no difference. Allocates nothing.
    /// </summary>
    public Operation? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> path) => paths.Find(RequestMethod.AnsweredAs(method), path);

    /// <summary>The operations on a path, one a method; none where the path is unknown.</summary>
    public IReadOnlyList<Operation> FindPath(ReadOnlySpan<char> path)
    {
        var found = new List<Operation>();
        paths.Collect(path, found);
        return found;
    }

    /// <summary>What may have been meant by a request for which <see cref="Find"/> knows nothing.</summary>
    public NearMatches FindNearMatches(string method, string path) => NearMatches.Of(paths, method, path);

    /// <summary>What is to be thought of a value for the cal-api-version header.</summary>
    public VersionAdvice Advise(string version) => VersionAdvice.On(version, this);
}
