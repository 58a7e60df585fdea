using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.Deploy;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The executable in a process of its own: for its exit code and its output.</summary>
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

    /// <summary>The command that starts the program: the published file that <see cref="PublishedProgram.Given"/> names, else what is built with the tests.</summary>
    public static IReadOnlyList<string> Program { get; } = PublishedProgram.Given is { } published ? [published] : ["dotnet", Path.Combine(AppContext.BaseDirectory, "CalGateway.dll")];

    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The environment variables, added to an environment without settings of this machine.</param>
    /// <param name="workingDirectory">The folder in which it looks for ./yarp.json.</param>
    /// <param name="input">The text of its standard input; null for that of this process.</param>
    /// <param name="program">The command that starts another form of the program, such as a published file.</param>
    public static GatewayProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null, string? input = null,
        IReadOnlyList<string>? program = null)
    {
        program ??= Program;
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
            WorkingDirectory = workingDirectory ?? AppContext.BaseDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_TieredPGO"] = "0"; // it ends long before what is counted of it would be of use
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

    /// <summary>Waits until it serves, and returns the address.</summary>
    public async Task<Uri> ServedAsync()
    {
        await BannerAsync();
        return new Uri(Served().Match(Output).Groups[1].Value);
    }

    /// <summary>Waits until it serves.</summary>
    public Task BannerAsync() =>
        Eventually.TrueAsync(() => Output.Contains("try        curl", StringComparison.Ordinal), "it serves", TimeSpan.FromSeconds(30));

    /// <summary>The address of its management listener; only after <see cref="ServedAsync"/>.</summary>
    public Uri ManagementAddress => new(Managed().Match(Output).Groups[1].Value);

    /// <summary>Starts the executable in front of a sandbox, on free ports.</summary>
    /// <param name="sandbox">The upstream, whose key the gateway gets.</param>
    /// <param name="environment">More environment variables.</param>
    /// <param name="settings">The settings file; the shipped one by default.</param>
    /// <param name="program">Another form of the program.</param>
    /// <param name="workingDirectory">Where ./yarp.json is looked for.</param>
    public static GatewayProcess StartBefore(
        SandboxHost sandbox, IReadOnlyDictionary<string, string>? environment = null, string? settings = null, IReadOnlyList<string>? program = null, string? workingDirectory = null) => Start(
        ["--urls", "http://127.0.0.1:0", .. settings is null ? Array.Empty<string>() : ["--config", settings]],
        new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey,
            ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
        },
        workingDirectory,
        program: program);

    /// <summary>Its memory in bytes, and the number of its open files and sockets.</summary>
    public (long WorkingSet, int OpenFiles) Footprint()
    {
        _process.Refresh();
        return (_process.WorkingSet64, Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length);
    }

    /// <summary>Its peak memory in bytes; null where the system does not tell.</summary>
    public long? PeakMemory() => File.Exists($"/proc/{_process.Id}/status")
        && File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    public bool HasExited => _process.HasExited;

    public async Task<int> ExitAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM, as an orchestrator does.</summary>
    public void Terminate() => Signal("TERM");

    /// <param name="name">As <c>kill</c> has it.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
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
