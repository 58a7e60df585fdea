namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A program of the machine's that some tests need.</summary>
internal static class InstalledProgram
{
    /// <summary>Skips the test where it is not there, except in CI, where it has to be.</summary>
    /// <param name="name">The executable.</param>
    /// <param name="package">Debian's name of what it is in, if it is another.</param>
    public static void SkipWhenMissing(string name, string? package = null)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(Find(name) is null, $"{name} is not installed (apt-get install {package ?? name}).");
    }

    public static string PathOf(string name) => Find(name) ?? throw new InvalidOperationException($"CI has no {name}.");

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
