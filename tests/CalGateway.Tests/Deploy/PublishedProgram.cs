using System.Runtime.InteropServices;
using CalGateway.Tests.Deploy;
using CalGateway.Tests.TestInfrastructure;

[assembly: AssemblyFixture(typeof(PublishedProgram))]

namespace CalGateway.Tests.Deploy;

/// <summary>
/// The single file, published as the documentation says, once for all tests that ask for it. Its build is kept apart from the tests' own, and between runs.
/// .NET is not compiled anew with it, which takes minutes and makes it start faster, unless COMPOSITE=true asks for that.
/// </summary>
public sealed class PublishedProgram : IDisposable
{
    /// <summary>The file that CALGATEWAY_TEST_PROGRAM names. It was published before the tests; all that start the executable start it then, which takes half as long.</summary>
    public static string? Given { get; } = Environment.GetEnvironmentVariable("CALGATEWAY_TEST_PROGRAM") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly Lazy<Task<string>> _folder = new(PublishAsync);

    /// <summary>The folder with <c>calgateway</c> and <c>yarp.json</c>, which everybody may read.</summary>
    public async Task<string> FolderAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "What is tried is the file for linux-x64.");
        return Given is null ? await _folder.Value : Path.GetDirectoryName(Given)!;
    }

    public async Task<string> PathAsync() => Path.Combine(await FolderAsync(), "calgateway");

    public void Dispose()
    {
        if (_folder is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            Directory.Delete(_folder.Value.Result, recursive: true);
    }

    private static async Task<string> PublishAsync()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-published-").FullName;
        var composite = Environment.GetEnvironmentVariable("COMPOSITE") == "true";

        // A folder for each way of compiling: a publish takes what the other left for its own, and its program ends at once.
        var artifacts = Path.Combine(Checkout.Root, "artifacts", composite ? "publish-composite" : "publish");
        await Commands.RunAsync(
            Checkout.Root, Patience, "dotnet", "publish", "src/CalGateway", "-r", "linux-x64", "-o", folder,
            "--artifacts-path", artifacts, "-p:RunAnalyzers=false",
            $"-p:PublishReadyToRunComposite={(composite ? "true" : "false")}", "--nologo", "-v", "quiet");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return folder;
    }
}
