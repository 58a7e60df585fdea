using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>The .NET tool, packed from what is built for the tests and installed from a folder.</summary>
[Collection(Delivery.Name)]
public sealed class ToolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-tool-");

    [Fact]
    public async Task It_is_installed_from_a_folder_and_checks_explains_and_serves()
    {
        var packages = _folder.CreateSubdirectory("packages").FullName;
        var tools = Path.Combine(_folder.FullName, "tools");
        var repository = _folder.CreateSubdirectory("repository").FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "yarp.json"), GatewayFixture.ShippedSettings, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "nuget.config"), $"<configuration><packageSources><clear /><add key=\"local\" value=\"{packages}\" /></packageSources></configuration>",
            TestContext.Current.CancellationToken);

        await Commands.RunAsync(Checkout.Root, Patience, "dotnet", "pack", "src/CalGateway", "--no-build", "-c", Configuration, "-o", packages, "--nologo", "-v", "quiet");
        await Commands.RunAsync(
            _folder.FullName, Patience, "dotnet", "tool", "install", "CalGateway", "--version", "0.1.0", "--tool-path", tools, "--configfile", Path.Combine(_folder.FullName, "nuget.config"));

        var calgateway = Path.Combine(tools, "calgateway");
        Assert.Contains("yarp.json: nothing to say against it.", await RunAsync("check", "--strict", "yarp.json"), StringComparison.Ordinal);
        Assert.Contains("2024-06-14", await RunAsync("explain", "GET", "/v2/event-types"), StringComparison.Ordinal);
        Assert.Contains("sha256:", await RunAsync("hash-key"), StringComparison.Ordinal);
        Assert.Contains("Event types", await RunAsync("doctor", "--sandbox"), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("0.1.0 (commit ", await RunAsync("--version"), StringComparison.Ordinal);

        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using (var gateway = GatewayProcess.StartBefore(sandbox, program: [calgateway], workingDirectory: repository))
        {
            using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
            Assert.Contains("\"data\"", await caller.GetStringAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(
            Path.Combine(repository, "yarp.json"), GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (exit, told) = await Commands.TryAsync(repository, Patience, calgateway, "check", "--strict", "yarp.json");
        Assert.Equal(1, exit);
        Assert.Contains("yarp.json:10:", told, StringComparison.Ordinal);

        Directory.CreateSymbolicLink(Path.Combine(repository, "tools"), tools);
        await AssertHookKeepsAsync(repository);

        Task<string> RunAsync(params string[] arguments) => Commands.RunAsync(repository, Patience, calgateway, arguments);
    }

    /// <summary>The pre-commit hook as the documentation has it: what <c>check --strict</c> refuses is not committed.</summary>
    private static async Task AssertHookKeepsAsync(string repository)
    {
        string[] commit = ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "Settings", "yarp.json"];
        await Commands.RunAsync(repository, Patience, "git", "init", "--quiet");
        var page = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "src", "docs", "deploy.md"), TestContext.Current.CancellationToken);
        var begin = page.IndexOf("cat > .git/hooks/pre-commit", StringComparison.Ordinal);
        await Commands.RunAsync(repository, Patience, "sh", "-c", page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)]);
        await Commands.RunAsync(repository, Patience, "git", "add", "yarp.json");

        var (refused, told) = await Commands.TryAsync(repository, Patience, "git", commit);
        await File.WriteAllTextAsync(Path.Combine(repository, "yarp.json"), GatewayFixture.ShippedSettings, TestContext.Current.CancellationToken);
        var (taken, _) = await Commands.TryAsync(repository, Patience, "git", commit);

        Assert.Equal((1, 0), (refused, taken));
        Assert.Contains("yarp.json:10:", told, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The tests' own: Debug, or Release.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
