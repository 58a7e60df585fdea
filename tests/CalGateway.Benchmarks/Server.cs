using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CalGateway.Benchmarks;

/// <summary>A server in a process of its own, on one processor, whose processor time can be read.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int TicksPerSecond = 100;

    private readonly Process _process;

    private Server(string name, string path, int port, Process process)
    {
        Name = name;
        Path = path;
        Port = port;
        _process = process;
    }

    public string Name { get; }

    public string Path { get; }

    public int Port { get; }

    /// <param name="name">In the report.</param>
    /// <param name="path">What is asked of it.</param>
    /// <param name="processor">The one it may use.</param>
    /// <param name="command">Program and arguments; <c>{port}</c> stands for the port it is to listen on.</param>
    /// <param name="environment">Added to this process's.</param>
    public static async Task<Server> StartAsync(
        string name, string path, int processor, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var port = FreePort();
        var arguments = command.Select(part => part.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var start = new ProcessStartInfo("taskset", ["-c", processor.ToString(CultureInfo.InvariantCulture), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var server = new Server(name, path, port, process);
        try
        {
            await server.AnswersAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync(); // nobody else knows of it
            throw;
        }
    }

    /// <summary>Of the process and of its children, which do the work in some servers.</summary>
    public TimeSpan ProcessorTime()
    {
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = children.Append(_process.Id.ToString(CultureInfo.InvariantCulture)).Sum(TicksOf);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static long TicksOf(string process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private async Task AnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(Path, deadline.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}
