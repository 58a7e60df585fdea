using System.Diagnostics;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A real browser without a window, a new profile for each page.</summary>
internal static class Chromium
{
    private static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") }).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is none, except in CI, where there has to be.</summary>
    public static void SkipWhenMissing()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(Executable is null, "chromium is not installed (apt-get install chromium).");
    }

    /// <summary>The document as it stands when the page's scripts have nothing left to wait for.</summary>
    public static async Task<string> OpenAsync(Uri page)
    {
        var profile = Directory.CreateTempSubdirectory("calgateway-chromium-");
        try
        {
            var start = new ProcessStartInfo(Executable ?? throw new InvalidOperationException("CI has no chromium."),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", $"--user-data-dir={profile.FullName}", "--virtual-time-budget=10000", "--dump-dom", page.AbsoluteUri,
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true };

            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var document = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await errors;
            return document;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}
