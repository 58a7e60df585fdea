namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The repository that the tests run in.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Readme => File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>All documentation: README.md and the pages in src/docs.</summary>
    public static IReadOnlyList<string> Pages => [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "src", "docs"), "*.md").Order(StringComparer.Ordinal)];

    /// <summary>The page on troubleshooting.</summary>
    public static string Troubleshooting => File.ReadAllText(Path.Combine(Root, "src", "docs", "troubleshooting.md")).ReplaceLineEndings("\n");

    /// <summary>The page on clients.</summary>
    public static string ClientsDocumentation => File.ReadAllText(Path.Combine(Root, "src", "docs", "clients.md")).ReplaceLineEndings("\n");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CalGateway.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
        return folder.FullName;
    }
}
