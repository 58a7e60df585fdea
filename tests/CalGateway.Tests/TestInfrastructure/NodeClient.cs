using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A script of <c>tests/clients</c>, run by Node.js. It prints the answer as one line of JSON.</summary>
internal static class NodeClient
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "clients");

    /// <summary>Skips the test where Node.js or the packages are missing; in CI it fails.</summary>
    public static async Task<JsonNode> RunAsync(string script, params string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.SkipWhen(!HasNode(), "Node.js is not installed (apt-get install npm).");
            Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "The clients' packages are missing (npm ci --prefix tests/clients).");
        }

        using var process = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        await using var ended = deadline.Token.Register(() => process.Kill(entireProcessTree: true));

        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, await errors);
        return JsonNode.Parse(output)!;
    }

    private static bool HasNode() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "node")));
}
