namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A program that some tests need on the machine.</summary>
internal static class InstalledProgram
{
    /// <summary>Skips the test where the program is missing; in CI it fails.</summary>
    /// <param name="name">The executable.</param>
    /// <param name="package">The Debian package, where its name differs.</param>
    public static void SkipWhenMissing(string name, string? package = null)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(Find(name) is null, $"{name} is not installed (apt-get install {package ?? name}).");
    }

    public static string PathOf(string name) => Find(name) ?? throw new InvalidOperationException($"CI has no {name}.");

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
