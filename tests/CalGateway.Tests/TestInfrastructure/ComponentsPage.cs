using System.Diagnostics;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;

[assembly: AssemblyFixture(typeof(ComponentsPage))]

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// The page of <c>tests/clients/components</c> with Cal.com's own React components, bundled by esbuild once for the whole run, by the first test that opens it.
/// </summary>
public sealed class ComponentsPage : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "clients", "components");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Bundling = ["--bundle", "--splitting", "--format=esm", "--jsx=automatic", "--define:process.env.NODE_ENV=\"production\"", "--log-level=error"];

    private readonly Lazy<Task<DirectoryInfo>> _built = new(BuildAsync);

    /// <summary>Serves the page on an origin of its own. Skips the test where Node.js or the package are missing; in CI it fails.</summary>
    internal async Task<WebPage> ServeAsync()
    {
        InstalledProgram.SkipWhenMissing("node", "npm");
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(Folder, "node_modules")), "Cal.com's components are not installed (npm ci --prefix tests/clients/components).");
        }

        var files = new PhysicalFileProvider((await _built.Value).FullName);
        return await WebPage.StartAsync(app => app.UseFileServer(new FileServerOptions { FileProvider = files }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_built.IsValueCreated)
            (await _built.Value).Delete(recursive: true);
    }

    private static async Task<DirectoryInfo> BuildAsync()
    {
        var target = Directory.CreateTempSubdirectory("calgateway-components-");
        using var process = Process.Start(new ProcessStartInfo(
            InstalledProgram.PathOf("node"), ["node_modules/esbuild/bin/esbuild", "main.jsx", .. Bundling, $"--outdir={target.FullName}"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);
        await using var ended = deadline.Token.Register(() => process.Kill(entireProcessTree: true));

        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        File.Copy(Path.Combine(Folder, "index.html"), Path.Combine(target.FullName, "index.html"));
        Assert.True(process.ExitCode == 0, $"esbuild did not bundle the page: {await errors}{output}");
        return target;
    }
}
