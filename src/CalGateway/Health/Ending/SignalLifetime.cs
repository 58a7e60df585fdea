using System.Runtime.InteropServices;
using CalGateway.Configuration;
using CalGateway.Journey;
using Microsoft.Extensions.Options;

namespace CalGateway.Health.Ending;

/// <summary>
/// From a signal to the end. At first readiness turns 503 and answers ask callers to close their connections, while everybody is still served, new
/// connections included: whoever balances the load needs this time to notice. Then the host stops, which waits for what is under way. A second
/// signal ends the process at once.
/// </summary>
internal sealed partial class SignalLifetime(
    IHostApplicationLifetime host, DrainState drain, Revisions revisions, IOptions<HostOptions> options, TimeProvider clock, ILogger<SignalLifetime> logger)
    : IHostLifetime, IDisposable
{
    /// <summary>As shells and orchestrators know it: 128, and the number of the signal.</summary>
    private const int EndedBySignal = 128;

    private readonly CancellationTokenSource _ended = new();
    private PosixSignalRegistration[] _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals = [On(PosixSignal.SIGTERM, 15), On(PosixSignal.SIGINT, 2), On(PosixSignal.SIGQUIT, 3)];
        return Task.CompletedTask;
    }

    /// <summary>Signals are still heard while the last spans are exported: the process may be asked to leave that.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in Interlocked.Exchange(ref _signals, []))
            signal.Dispose();
        _ended.Cancel();
    }

    private PosixSignalRegistration On(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the host ends the process, not the runtime
        if (drain.TryBegin())
            _ = Task.Run(EndAsync);
        else
            Environment.Exit(EndedBySignal + number);
    });

    private async Task EndAsync()
    {
        var settings = revisions.Current.Options<ShutdownOptions>();
        var delay = host.ApplicationStarted.IsCancellationRequested ? settings.DelayOrUsual(inTerminal: !Console.IsOutputRedirected) : TimeSpan.Zero;
        Log.Draining(logger, delay, settings.Timeout);

        await Task.Delay(delay, clock, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled where the host ends for another reason
        options.Value.ShutdownTimeout = settings.Timeout; // of the one object that the host reads it from when it stops
        host.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Ending: callers are served for another {Delay}, then what is under way has {Timeout}; a second signal ends at once")]
        public static partial void Draining(ILogger logger, TimeSpan delay, TimeSpan timeout);
    }
}
