namespace CalGateway.Commands;

/// <summary>The commit that this program was built from. An assembly attribute with it would make the tests compile again at every commit.</summary>
internal static class SourceCommit
{
    private const string Resource = "CalGateway.commit";

    /// <summary>Forty hex digits; null if it was built outside a repository.</summary>
    public static string? Id { get; } = Read();

    private static string? Read()
    {
        using var stream = typeof(SourceCommit).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim() is { Length: > 0 } id ? id : null;
    }
}
