namespace CalGateway.Catalogue.Reading;

/// <summary>Reads the third column of operations.txt: "all", "any", "?", or "hosted?,2024-08-13|2024-06-14,2024-04-15".</summary>
internal sealed class VersionColumn(IReadOnlyList<string> versions, IReadOnlyList<string> hostedOnly, string defaultVersion)
{
    public AnsweredVersions Read(string column) => column switch
    {
        "any" => new AnsweredVersions([], [], [], Any: true, HostedInferred: false, HeaderlessAnswer.Same),
        "?" => new AnsweredVersions([], [], [], Any: false, HostedInferred: false, HeaderlessAnswer.Unknown),
        "all" => new AnsweredVersions(versions, hostedOnly, [], Any: false, HostedInferred: true, HeaderlessAnswer.Same),
        _ => ReadList(column),
    };

    private AnsweredVersions ReadList(string column)
    {
        var (currentHalf, legacyHalf) = OperationLine.Halves(column);
        var inferred = currentHalf.Contains("hosted?", StringComparison.Ordinal);
        var current = Resolve(currentHalf);
        var legacy = legacyHalf is null ? [] : Resolve(legacyHalf);
        string[] all = [.. current, .. legacy];
        return new AnsweredVersions(all, [.. hostedOnly.Intersect(all)], legacy, Any: false, inferred, WithoutHeader(all, legacy));
    }

    private string[] Resolve(string half)
    {
        var named = half.Split(',').SelectMany(word => word is "hosted" or "hosted?" ? hostedOnly : [word]).ToArray();
        if (named.Except(versions).FirstOrDefault() is { } unknown)
            throw new FormatException($"'{unknown}' is no known version.");
        return named.SequenceEqual(versions.Intersect(named)) ? named : throw new FormatException($"{half} is not in order, newest first.");
    }

    private HeaderlessAnswer WithoutHeader(string[] all, string[] legacy)
    {
        if (legacy.Contains(defaultVersion))
            return HeaderlessAnswer.LegacyShape;
        return all.Contains(defaultVersion) ? HeaderlessAnswer.Same : HeaderlessAnswer.RouteMiss;
    }
}
