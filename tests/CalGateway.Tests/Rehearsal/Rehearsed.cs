using System.Text.Json.Nodes;
using CalGateway.Commands;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

/// <summary>The verb, with a settings file and an upstream of its own.</summary>
internal sealed class Rehearsed : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");
    private readonly Launch _launch;

    /// <param name="upstream">Where Cal.com is; null for the verb's own sandbox.</param>
    /// <param name="credential">The key; null for none.</param>
    /// <param name="settings">The text of yarp.json; the shipped one by default.</param>
    public Rehearsed(Uri? upstream, string? credential = "cal_test_sandbox", string? settings = null)
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        File.WriteAllText(path, settings ?? GatewayFixture.ShippedSettings);
        var variables = new Dictionary<string, string?> { ["CALCOM_API_KEY"] = credential };
        if (upstream is not null)
            variables["CALCOM_BASE_URL"] = upstream.AbsoluteUri;
        _launch = new Launch(path, upstream is null, "http://127.0.0.1:9", variables);
    }

    public string SavedPath => Path.Combine(_folder.FullName, "saved.json");

    public List<string> Steps { get; } = [];

    public async Task<(int Exit, string Text, string Error)> RunAsync(string route, string version, bool json = false, bool save = false, string? savePath = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await RehearseCommand.ExecuteAsync(
            _launch, route, version, json, savePath ?? (save ? SavedPath : null), new RehearsalConsole(output, error, Steps.Add), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    public async Task<(int Exit, JsonNode Report)> RunAsJsonAsync(string route, string version)
    {
        var (exit, text, _) = await RunAsync(route, version, json: true);
        return (exit, JsonNode.Parse(text)!);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
