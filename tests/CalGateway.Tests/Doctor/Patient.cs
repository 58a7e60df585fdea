using System.Text.Json.Nodes;
using CalGateway.Doctor;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

/// <summary>An installation for the doctor to look at: a settings file, a key and an upstream.</summary>
internal sealed class Patient : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");
    private readonly Launch _launch;

    public Patient(Uri? upstream, string? credential, string? settings = null, string managementUrl = "", bool withSandbox = false)
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        File.WriteAllText(path, settings ?? GatewayFixture.ShippedSettings);
        var variables = new Dictionary<string, string?> { ["CalGateway__Management__Url"] = managementUrl, ["CALCOM_API_KEY"] = credential };
        if (upstream is not null)
            variables["CALCOM_BASE_URL"] = upstream.AbsoluteUri;
        _launch = new Launch(path, withSandbox, null, variables);
    }

    public Patient(SandboxHost sandbox, string? settings = null)
        : this(sandbox.BaseAddress, sandbox.ApiKey, settings)
    {
    }

    public async Task<(int Exit, string Text)> ExamineAsync(bool json = false, bool share = false, int width = 80, bool colour = false)
    {
        var text = new StringWriter();
        var exit = await DoctorCommand.ExecuteAsync(
            _launch, json, share, new DoctorConsole(text, null, width, colour), TestContext.Current.CancellationToken);
        return (exit, text.ToString());
    }

    /// <summary>The findings by title.</summary>
    public async Task<(int Exit, Dictionary<string, JsonNode> Checks)> ExamineAsJsonAsync()
    {
        var (exit, text) = await ExamineAsync(json: true);
        return (exit, JsonNode.Parse(text)!["checks"]!.AsArray().ToDictionary(check => (string)check!["title"]!, check => check!));
    }

    public Examination Begin(int mostRequests) => Examination.Begin(_launch, share: false, mostRequests);

    public void Dispose() => _folder.Delete(recursive: true);
}
