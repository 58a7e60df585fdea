using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>ASP.NET Core's own file of settings, where somebody puts one beside the program.</summary>
public sealed class AppSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> Variables = new() { ["CalGateway__Management__Url"] = "" };

    private readonly DirectoryInfo _program = Directory.CreateTempSubdirectory("calgateway-appsettings-");

    public AppSettingsTests()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            File.Copy(file, Path.Combine(_program.FullName, Path.GetFileName(file)));
    }

    [Fact]
    public async Task Its_endpoints_are_served_and_check_and_health_know_them()
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await WriteAsync($$"""{ "Kestrel": { "Endpoints": { "Public": { "Url": "{{address}}" } } } }""");

        await using var gateway = Start("--sandbox");
        await gateway.BannerAsync();
        using var caller = new HttpClient();
        using var answer = await caller.GetAsync($"{address}/healthz/ready", TestContext.Current.CancellationToken);
        await using var health = Start("health");

        Assert.Equal((HttpStatusCode.OK, 0, "ready"), (answer.StatusCode, await health.ExitAsync(), health.Output));
        Assert.DoesNotContain("Overriding", gateway.Output, StringComparison.Ordinal);

        await WriteAsync("""{ "Kestrel": { "Endpoints": { "Public": { "Url": "http://0.0.0.0:8080" } } } }""");
        await using var check = Start("check");

        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains("http://0.0.0.0:8080 can be reached", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_broken_is_named()
    {
        await WriteAsync("""{ "Kestrel": """);

        await using var gateway = Start("--sandbox");

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches(@"^calgateway: The gateway cannot be made ready: [^\n]*appsettings\.json'\. [^\n]*$", gateway.Errors);
    }

    public void Dispose() => _program.Delete(recursive: true);

    private GatewayProcess Start(string verb) => GatewayProcess.Start(verb.Split(' '), Variables, program: ["dotnet", Path.Combine(_program.FullName, "CalGateway.dll")]);

    private Task WriteAsync(string text) => File.WriteAllTextAsync(Path.Combine(_program.FullName, "appsettings.json"), text, TestContext.Current.CancellationToken);
}
