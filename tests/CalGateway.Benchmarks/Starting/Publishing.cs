using System.Diagnostics;

namespace CalGateway.Benchmarks.Starting;

/// <summary>Publishes the gateway as <c>deploy.md</c> says, one file with .NET in it, compiled ahead; and the peers in the same form, and compiled ahead without .NET in it.</summary>
internal static class Publishing
{
    public static async Task<string> GatewayAsync(DirectoryInfo folder) => await PublishedAsync("src/CalGateway", "calgateway", folder.CreateSubdirectory("gateway"));

    public static async Task<string> PeersAsync(DirectoryInfo folder) => await PublishedAsync(
        "tests/CalGateway.Benchmarks", "CalGateway.Benchmarks", folder.CreateSubdirectory("peers"),
        "-p:PublishReadyToRun=true", "-p:PublishSingleFile=true", "-p:ValidateExecutableReferencesMatchSelfContained=false", "-p:ErrorOnDuplicatePublishOutputFiles=false");

    public static async Task<string> PeersWithoutDotnetAsync(DirectoryInfo folder) => await PublishedAsync(
        "tests/CalGateway.Benchmarks", "CalGateway.Benchmarks", folder.CreateSubdirectory("peers-without-dotnet"),
        "--self-contained", "false", "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=false", "-p:PublishSingleFile=false",
        "-p:ValidateExecutableReferencesMatchSelfContained=false", "-p:ErrorOnDuplicatePublishOutputFiles=false");

    private static async Task<string> PublishedAsync(string project, string program, DirectoryInfo output, params string[] properties)
    {
        var platform = $"linux-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        Console.WriteLine($"dotnet publish {project} -r {platform} {string.Join(' ', properties)}");
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Root(), project), "-c", "Release", "-r", platform, "-o", output.FullName, "--nologo", "-v", "quiet", .. properties]))!;
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? Path.Combine(output.FullName, program) : throw new InvalidOperationException($"{project} could not be published.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CalGateway.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("This is measured from a checkout.");
        return folder.FullName;
    }
}
