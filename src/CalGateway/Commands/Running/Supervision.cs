using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CalGateway.Configuration.Watching;
using Microsoft.Extensions.Hosting.Systemd;

namespace CalGateway.Commands.Running;

/// <summary>
/// What whoever runs the gateway is told and may ask: systemd learns that it serves, that it reloads and that it stops (sd_notify, for Type=notify and
/// notify-reload), and SIGHUP has the settings file read at once.
/// </summary>
internal sealed partial class Supervision : IDisposable
{
    private const string NotifySocket = "NOTIFY_SOCKET";

    private readonly ConfigurationWatcher _settings;
    private readonly ILogger<Supervision> _logger;
    private readonly SystemdNotifier? _systemd;
    private readonly PosixSignalRegistration? _hangUp;

    private Supervision(IServiceProvider services)
    {
        _settings = services.GetRequiredService<ConfigurationWatcher>();
        _logger = services.GetRequiredService<ILogger<Supervision>>();
        if (Environment.GetEnvironmentVariable(NotifySocket) is { Length: > 0 })
            _systemd = new SystemdNotifier();

        // Who closes a terminal wants to end what runs in it.
        if (Console.IsInputRedirected)
            _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload);
    }

    /// <summary>Once it serves.</summary>
    public static Supervision Of(WebApplication app)
    {
        var supervision = new Supervision(app.Services);
        app.Lifetime.ApplicationStopping.Register(() => supervision.Tell(ServiceState.Stopping));
        supervision.Tell(ServiceState.Ready);
        return supervision;
    }

    public void Dispose() => _hangUp?.Dispose();

    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        Tell(new ServiceState($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}"));
        _settings.LookNow();
        Tell(ServiceState.Ready);
    }

    /// <summary>Whoever set the variable may be gone, or never have listened: the gateway serves all the same.</summary>
    private void Tell(ServiceState state)
    {
        try
        {
            _systemd?.Notify(state);
        }
        catch (SocketException failure)
        {
            Log.NotTold(_logger, NotifySocket, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The service manager could not be told how things stand ({Variable}): {Reason}")]
        public static partial void NotTold(ILogger logger, string variable, string reason);
    }
}
