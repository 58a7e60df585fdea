using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Telemetry.Logs;

/// <summary>
/// Chooses which of the framework's formatters writes the console log: JSON for programs, a line of text for people. An edit of
/// <c>CalGateway:Logs:Format</c> changes it while the gateway runs.
/// </summary>
/// <param name="isAutoJson">Whether <see cref="LogFormat.Auto"/> means JSON in this process.</param>
internal sealed class ConsoleFormat(LogFormat first, bool isAutoJson) : IConfigureOptions<ConsoleLoggerOptions>, IOptionsChangeTokenSource<ConsoleLoggerOptions>
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private ConfigurationReloadToken _changed = new();
    private volatile LogFormat _format = first;

    public bool IsJson => _format == LogFormat.Json || (_format == LogFormat.Auto && isAutoJson);

    /// <summary>The console logger has only default options.</summary>
    string? IOptionsChangeTokenSource<ConsoleLoggerOptions>.Name => Options.DefaultName;

    /// <summary>Adds both formatters, with one line for each record, and with scopes, one of which holds the trace id.</summary>
    public static void AddFormatters(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = Timestamp + " ";
        });
        logging.AddJsonConsole(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = Timestamp;
            options.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // "unsafe" concerns web pages, and the log is no part of one
        });
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
    }

    public void Use(LogFormat format)
    {
        if (format == _format)
            return;

        _format = format;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }

    public void Configure(ConsoleLoggerOptions options)
    {
        options.FormatterName = IsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // requests must not wait for a slow reader of the log
    }

    IChangeToken IOptionsChangeTokenSource<ConsoleLoggerOptions>.GetChangeToken() => _changed;
}
