namespace CalGateway.Catalogue;

/// <summary>A call of Cal.com's API v1, and the v2 operation that replaces it.</summary>
/// <param name="Operation">The v2 operation; null where there is none.</param>
/// <param name="Changes">What else changes for the caller, in words.</param>
internal sealed record ApiV1Call(string Method, string Template, Operation? Operation, string Changes);

/// <summary>The calls of API v1, read from api-v1.txt; the head of that file explains its format.</summary>
internal sealed class ApiV1Calls(List<ApiV1Call> calls)
{
    private const string Resource = "api-v1.txt";

    private static readonly Lazy<ApiV1Calls> Embedded = new(ReadEmbedded);

    public static ApiV1Calls Default => Embedded.Value;

    public IReadOnlyList<ApiV1Call> All => calls;

    /// <summary>Whether a path of Cal.com belongs to API v1.</summary>
    public static bool Owns(ReadOnlySpan<char> path) =>
        path.StartsWith("/v1/", StringComparison.OrdinalIgnoreCase) || path.Equals("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null for a call that API v1 is not known to have had.</summary>
    public ApiV1Call? Find(string method, string path)
    {
        var asked = RequestMethod.AnsweredAs(method).ToString();
        return calls.Find(call => call.Method.Equals(asked, StringComparison.OrdinalIgnoreCase) && Matches(call.Template, path));
    }

    private static bool Matches(string template, string path)
    {
        var expected = template.Split('/');
        var segments = path.TrimEnd('/').Split('/');
        return expected.Length == segments.Length
            && expected.Zip(segments).All(pair => pair.First is ['{', ..] ? pair.Second.Length > 0 : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static ApiV1Calls ReadEmbedded()
    {
        using var stream = typeof(ApiV1Calls).Assembly.GetManifestResourceStream(typeof(ApiV1Calls), Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded in the assembly.");
        using var text = new StreamReader(stream);
        var calls = new List<ApiV1Call>();
        while (text.ReadLine() is { } line)
        {
            if (line is not ([] or ['#', ..]))
                calls.Add(Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        return new ApiV1Calls(calls);
    }

    private static ApiV1Call Parse(string[] words) => words switch
    {
        [var method, var path, "-", .. var changes] => new ApiV1Call(method, path, null, string.Join(' ', changes)),
        [var method, var path, var newMethod, var newPath, .. var changes] => new ApiV1Call(
            method, path, CalComCatalogue.Default.Find(newMethod, newPath) ?? throw new InvalidDataException($"{Resource}: the catalogue has no {newMethod} {newPath}."),
            string.Join(' ', changes)),
        _ => throw new InvalidDataException($"{Resource}: {string.Join(' ', words)} is no line of it."),
    };
}
