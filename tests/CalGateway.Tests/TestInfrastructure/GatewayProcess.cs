using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The executable itself, in a process of its own: for exit codes, and for what it prints.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
    }

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <param name="arguments">As on the command line.</param>
    /// <param name="environment">Added to a bare environment, in which no setting of this machine shows.</param>
    /// <param name="workingDirectory">Where ./yarp.json is looked for.</param>
    /// <param name="input">What it reads from standard input, instead of this process's.</param>
    public static GatewayProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null, string? input = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CalGateway.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
            WorkingDirectory = workingDirectory ?? AppContext.BaseDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var process = new GatewayProcess(new Process { StartInfo = start });
        process._process.Start();
        if (input is not null)
        {
            process._process.StandardInput.Write(input);
            process._process.StandardInput.Close();
        }

        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Where it serves, once it does.</summary>
    public async Task<Uri> ServedAsync()
    {
        await BannerAsync();
        return new Uri(Served().Match(Output).Groups[1].Value);
    }

    /// <summary>Once it serves, wherever.</summary>
    public Task BannerAsync() =>
        Eventually.TrueAsync(() => Output.Contains("try        curl", StringComparison.Ordinal), "it serves", TimeSpan.FromSeconds(30));

    /// <summary>Where its operators ask; after <see cref="ServedAsync"/>.</summary>
    public Uri ManagementAddress => new(Managed().Match(Output).Groups[1].Value);

    /// <summary>The executable in front of a sandbox of the test's, on any free ports.</summary>
    /// <param name="sandbox">The upstream, whose key is the gateway's.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="settings">The settings file; the shipped one by default.</param>
    public static GatewayProcess StartBefore(SandboxHost sandbox, IReadOnlyDictionary<string, string>? environment = null, string? settings = null) => Start(
        ["--urls", "http://127.0.0.1:0", .. settings is null ? Array.Empty<string>() : ["--config", settings]],
        new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey,
            ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
        });

    /// <summary>Bytes of memory that it occupies, and files and sockets that it holds open.</summary>
    public (long WorkingSet, int OpenFiles) Footprint()
    {
        _process.Refresh();
        return (_process.WorkingSet64, Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length);
    }

    /// <summary>The most memory that it ever occupied, in bytes; null where the system does not tell.</summary>
    public long? PeakMemory() => File.Exists($"/proc/{_process.Id}/status")
        && File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public async Task<int> ExitAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("CALCOM_", StringComparison.Ordinal) || name.StartsWith("CALGATEWAY_", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal);

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    [GeneratedRegex(@"CalGateway serves (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Served();

    [GeneratedRegex(@"operators  (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Managed();
}
