using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CalGateway.Configuration.Watching;
using Microsoft.Extensions.Hosting.Systemd;

namespace CalGateway.Commands.Running;

/// <summary>Reports start, reload and stop to systemd (sd_notify, for Type=notify and notify-reload), and reads the settings file at once on SIGHUP.</summary>
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

        // In a terminal, SIGHUP means that it was closed and must end the process.
        if (Console.IsInputRedirected)
            _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload);
    }

    /// <summary>To be called once the gateway serves.</summary>
    public static Supervision Of(WebApplication app)
    {
        var supervision = new Supervision(app.Services);
        app.Lifetime.ApplicationStopping.Register(() => supervision.Notify(ServiceState.Stopping));
        supervision.Notify(ServiceState.Ready);
        return supervision;
    }

    public void Dispose() => _hangUp?.Dispose();

    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        Notify(new ServiceState($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}"));
        _settings.ReadNow();
        Notify(ServiceState.Ready);
    }

    /// <summary>A failure is only logged: the gateway also works without a service manager.</summary>
    private void Notify(ServiceState state)
    {
        try
        {
            _systemd?.Notify(state);
        }
        catch (SocketException failure)
        {
            Log.NotNotified(_logger, NotifySocket, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The service manager could not be told how things stand ({Variable}): {Reason}")]
        public static partial void NotNotified(ILogger logger, string variable, string reason);
    }
}
