using System.Diagnostics;
using System.Globalization;
using CalGateway.Sandbox;

namespace CalGateway.Benchmarks.Ending;

/// <summary>Ends a gateway again and again while callers keep asking over kept connections, and counts what they lost.</summary>
internal static class Drain
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(int times)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (answered, after, failed) = (0L, 0L, 0);
        for (var time = 1; time <= times; time++)
        {
            var (load, exit) = await EndOnceAsync(sandbox);
            (answered, after, failed) = (answered + load.Answered, after + load.AnsweredAfterTurn, failed + load.Failures.Count);
            Console.WriteLine($"end {time}: {load.Answered} answered, {load.AnsweredAfterTurn} of them after readiness had turned, {load.Failures.Count} failed, exit code {exit}");
            foreach (var failure in load.Failures.Distinct())
                Console.WriteLine($"  {failure}");
        }

        Console.WriteLine($"{times} ends: {answered} answered, {after} of them after readiness had turned, {failed} failed");
    }

    private static async Task<(DrainLoad Load, int ExitCode)> EndOnceAsync(SandboxHost sandbox)
    {
        var (http1, http2) = (Server.FreePort(), Server.FreePort());
        using var gateway = Start(sandbox, http1, http2);
        try
        {
            var load = new DrainLoad(new Uri($"http://127.0.0.1:{http1}"), new Uri($"http://127.0.0.1:{http2}"), goOn: Delay / 2);
            await AnswersAsync(http1);

            var running = load.RunAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            using (var kill = Process.Start("kill", ["-TERM", gateway.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            await running;
            await gateway.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(40)).Token);
            return (load, gateway.ExitCode);
        }
        finally
        {
            if (!gateway.HasExited)
                gateway.Kill();
        }
    }

    private static Process Start(SandboxHost sandbox, int http1, int http2)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CalGateway.dll"), "--config", Path.Combine(AppContext.BaseDirectory, "yarp.json")])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["CALCOM_API_KEY"] = sandbox.ApiKey,
                ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
                ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
                ["CalGateway__Shutdown__Delay"] = Delay.ToString("c"),
                ["Kestrel__Endpoints__One__Url"] = $"http://127.0.0.1:{http1}",
                ["Kestrel__Endpoints__Two__Url"] = $"http://127.0.0.1:{http2}",
                ["Kestrel__Endpoints__Two__Protocols"] = "Http2",
            },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task AnswersAsync(int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!deadline.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync("/healthz/ready", deadline.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token); // not listening yet
            }
        }
    }
}
