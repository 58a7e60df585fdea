using System.Globalization;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Telemetry;

namespace CalGateway.Envelope.Certificates;

/// <summary>Reads renewed certificates, so that the next connection gets them. A bad file keeps the last good certificate.</summary>
internal sealed partial class CertificateWatcher(CertificateFiles files, TimeProvider clock, WatchMetrics metrics, ILogger<CertificateWatcher> logger) : BackgroundService
{
    private readonly List<(CertificateFile File, SettledContent Content)> _watched = [.. files.All.Select(file => (file, new SettledContent(clock)))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var file in files.All)
            Examine(file);
        return new Watch("certificates", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, () => Watch.Each(_watched, watched => Poll(watched.File, watched.Content)), stoppingToken);
    }

    private void Poll(CertificateFile file, SettledContent content)
    {
        var digests = file.ReadDigests();
        if (!content.IsSettled(digests) || digests == file.Seen)
            return; // certificate and key are replaced one after the other

        try
        {
            file.Read();
            var certificate = file.Current.TargetCertificate;
            Log.Renewed(logger, file.Path, certificate.Thumbprint, certificate.NotAfter.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture));
            Examine(file);
        }
        catch (StartupException failure)
        {
            Log.Refused(logger, failure.Message);
        }
    }

    private void Examine(CertificateFile file)
    {
        if (file.Objection(clock.GetUtcNow()) is { } objection)
            Log.Objected(logger, objection);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The certificate in {Path} is presented from now on, thumbprint {Thumbprint}, valid until {NotAfter}")]
        public static partial void Renewed(ILogger logger, string path, string thumbprint, string notAfter);

        [LoggerMessage(LogLevel.Warning, "{Objection}")]
        public static partial void Objected(ILogger logger, string objection);

        [LoggerMessage(LogLevel.Error, "The certificate was not replaced, the last good one is presented: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
