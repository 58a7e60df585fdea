using System.Runtime.InteropServices;
using CalGateway.Configuration;
using CalGateway.Journey;
using Microsoft.Extensions.Options;

namespace CalGateway.Health.Ending;

/// <summary>
/// Handles the signals that end the process. First readiness becomes 503 and answers ask callers to close their connections, but all requests are still
/// served, because load balancers need time to notice. Then the host stops, which waits for running requests. A second signal ends the process at once.
/// </summary>
internal sealed partial class SignalLifetime(
    IHostApplicationLifetime host, DrainState drain, Revisions revisions, IOptions<HostOptions> options, TimeProvider clock, ILogger<SignalLifetime> logger)
    : IHostLifetime, IDisposable
{
    /// <summary>The exit code after a signal is 128 plus its number, as shells and orchestrators expect.</summary>
    private const int EndedBySignal = 128;

    private readonly CancellationTokenSource _ended = new();
    private PosixSignalRegistration[] _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals = [On(PosixSignal.SIGTERM, 15), On(PosixSignal.SIGINT, 2), On(PosixSignal.SIGQUIT, 3)];
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: signals are still handled while the last spans are exported, so that a second one can end this, too.</summary>
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
        var delay = host.ApplicationStarted.IsCancellationRequested ? settings.DelayOrDefault(inTerminal: !Console.IsOutputRedirected) : TimeSpan.Zero;
        Log.Draining(logger, delay, settings.Timeout);

        await Task.Delay(delay, clock, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled if the host stops for another reason
        options.Value.ShutdownTimeout = settings.Timeout; // the host reads it from this object when it stops
        host.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Ending: callers are served for another {Delay}, then what is under way has {Timeout}; a second signal ends at once")]
        public static partial void Draining(ILogger logger, TimeSpan delay, TimeSpan timeout);
    }
}
