using System.Text.Json.Nodes;
using CalGateway.Commands;
using CalGateway.Doctor;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

/// <summary>What the doctor is run on: a settings file, a key and an upstream.</summary>
internal sealed class Installation : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");
    private readonly Launch _launch;

    /// <summary>An address at which nothing listens.</summary>
    private const string Nowhere = "http://127.0.0.1:9";

    /// <param name="upstream">Where Cal.com is.</param>
    /// <param name="credential">The key; null for none.</param>
    /// <param name="settings">The text of yarp.json; the shipped one by default.</param>
    /// <param name="managementUrl">The address of the management listener; empty for none.</param>
    /// <param name="url">Where a gateway may be running.</param>
    /// <param name="withSandbox">As with <c>--sandbox</c>.</param>
    public Installation(
        Uri? upstream, string? credential, string? settings = null, string managementUrl = "", string url = Nowhere, bool withSandbox = false)
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        File.WriteAllText(path, settings ?? GatewayFixture.ShippedSettings);
        var variables = new Dictionary<string, string?> { ["CalGateway__Management__Url"] = managementUrl, ["CALCOM_API_KEY"] = credential };
        if (upstream is not null)
            variables["CALCOM_BASE_URL"] = upstream.AbsoluteUri;
        _launch = new Launch(path, withSandbox, url, variables);
    }

    /// <summary>With the sandbox as its Cal.com.</summary>
    public Installation(SandboxHost sandbox, string? settings = null)
        : this(sandbox.BaseAddress, sandbox.ApiKey, settings)
    {
    }

    public async Task<(int Exit, string Text)> RunAsync(bool json = false, bool share = false, int width = 80, bool colour = false)
    {
        var text = new StringWriter();
        var exit = await DoctorCommand.ExecuteAsync(
            _launch, json, share, new DoctorConsole(text, null, width, colour), TestContext.Current.CancellationToken);
        return (exit, text.ToString());
    }

    public Task<int> RunAsync(TextWriter reader, bool json) => DoctorCommand.ExecuteAsync(
        _launch, json, share: false, new DoctorConsole(reader, null, 80, Colour: false), TestContext.Current.CancellationToken);

    /// <summary>The findings by title.</summary>
    public async Task<(int Exit, Dictionary<string, JsonNode> Checks)> RunAsJsonAsync()
    {
        var (exit, text) = await RunAsync(json: true);
        return (exit, JsonNode.Parse(text)!["checks"]!.AsArray().ToDictionary(check => (string)check!["title"]!, check => check!));
    }

    public DoctorContext Begin(int maxRequests) => DoctorCommand.Prepare(_launch, share: false, maxRequests);

    public void Dispose() => _folder.Delete(recursive: true);
}
