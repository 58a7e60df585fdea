namespace CalGateway.Catalogue.Reading;

/// <summary>The versions that an operation answers; the properties of <see cref="Operation"/> explain them.</summary>
internal sealed record AnsweredVersions(IReadOnlyList<string> All, IReadOnlyList<string> HostedOnly, IReadOnlyList<string> Legacy, bool Any);

/// <summary>Reads the third column of operations.txt: "all", "any", "?", or "hosted?,2024-08-13|2024-06-14,2024-04-15".</summary>
internal sealed class VersionColumn(IReadOnlyList<string> versions, IReadOnlyList<string> hostedOnly)
{
    public AnsweredVersions Read(string column) => column switch
    {
        "any" => new AnsweredVersions([], [], [], Any: true),
        "?" => new AnsweredVersions([], [], [], Any: false),
        "all" => new AnsweredVersions(versions, hostedOnly, [], Any: false),
        _ => ReadList(column),
    };

    private AnsweredVersions ReadList(string column)
    {
        var (currentHalf, legacyHalf) = OperationLine.Halves(column);
        var current = Resolve(currentHalf);
        var legacy = legacyHalf is null ? [] : Resolve(legacyHalf);
        string[] all = [.. current, .. legacy];
        return new AnsweredVersions(all, [.. hostedOnly.Intersect(all)], legacy, Any: false);
    }

    private string[] Resolve(string half)
    {
        var named = half.Split(',').SelectMany(word => word is "hosted" or "hosted?" ? hostedOnly : [word]).ToArray();
        if (named.Except(versions).FirstOrDefault() is { } unknown)
            throw new FormatException($"'{unknown}' is no known version.");
        return named.SequenceEqual(versions.Intersect(named)) ? named : throw new FormatException($"{half} is not in order, newest first.");
    }
}
