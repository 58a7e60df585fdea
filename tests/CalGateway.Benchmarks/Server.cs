using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CalGateway.Benchmarks;

/// <summary>A server in a process of its own, on one processor, whose processor time can be read.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly string _path;
    private readonly Process _process;

    private Server(string path, int port, Process process)
    {
        _path = path;
        Port = port;
        _process = process;
    }

    public int Port { get; }

    /// <param name="entrant">What to run.</param>
    /// <param name="processor">The one it may use.</param>
    public static async Task<Server> StartAsync(Entrant entrant, int processor)
    {
        var port = FreePort();
        var arguments = entrant.Command.Select(part => part.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var start = new ProcessStartInfo("taskset", ["-c", processor.ToString(CultureInfo.InvariantCulture), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1"; // on one processor .NET puts optimised code off tenfold, past any warm-up
        foreach (var (variable, value) in entrant.Environment)
            start.Environment[variable] = value;

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var server = new Server(entrant.Path, port, process);
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
        return children.Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Append(_process.Id)
            .Aggregate(TimeSpan.Zero, (sum, process) => sum + ProcessorClock.Of(process));
    }

    /// <summary>What it occupies of the machine's memory.</summary>
    public double ResidentMebibytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
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

    private async Task AnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(_path, deadline.Token);
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
