using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Benchmarks.Starting;

/// <summary>What a server takes from its start to its first proxied answer, and what it occupies when it has come to rest.</summary>
/// <param name="Listening">Until a connection is accepted.</param>
/// <param name="Wall">Until the first byte of the answer.</param>
/// <param name="Processor">Processor time until then.</param>
/// <param name="ResidentMebibytes">Five seconds later.</param>
internal sealed record FirstAnswer(TimeSpan Listening, TimeSpan Wall, TimeSpan Processor, double ResidentMebibytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task<FirstAnswer> OfAsync(Starter starter, string path, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var port = Server.FreePort();
        var watch = Stopwatch.StartNew();
        using var process = starter.Start(port, environment);
        try
        {
            using var connection = await ConnectedAsync(process, port, watch);
            var listening = watch.Elapsed;
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
            var answer = new byte[64];
            var length = await connection.ReceiveAsync(answer);
            var (wall, processor) = (watch.Elapsed, ProcessorClock.Of(process.Id));
            var status = Encoding.ASCII.GetString(answer, 0, length);
            if (!status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                throw new InvalidOperationException($"{starter.Name} answers {status}.");

            await Task.Delay(Rest, TimeProvider.System);
            return new FirstAnswer(listening, wall, processor, Resident(process));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private static async Task<Socket> ConnectedAsync(Process process, int port, Stopwatch watch)
    {
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException) when (!process.HasExited && watch.Elapsed < Patience)
            {
                socket.Dispose(); // not listening yet
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }
    }

    private static double Resident(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
