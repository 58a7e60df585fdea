namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The repository that the tests run in.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Readme => File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>Everything that is written for readers: the front page and the pages behind it.</summary>
    public static IReadOnlyList<string> Pages => [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "src", "docs"), "*.md").Order(StringComparer.Ordinal)];

    /// <summary>What is written for those who look for a fault.</summary>
    public static string Troubleshooting => File.ReadAllText(Path.Combine(Root, "src", "docs", "troubleshooting.md")).ReplaceLineEndings("\n");

    /// <summary>What is written for those who point clients at the gateway.</summary>
    public static string ClientsDocumentation => File.ReadAllText(Path.Combine(Root, "src", "docs", "clients.md")).ReplaceLineEndings("\n");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CalGateway.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
        return folder.FullName;
    }
}
