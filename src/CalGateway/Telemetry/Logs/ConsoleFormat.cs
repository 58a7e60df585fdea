using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Telemetry.Logs;

/// <summary>
/// Chooses which of the framework's formatters writes the console log: JSON for programs, a line of text for people. An edit of
/// <c>CalGateway:Logs:Format</c> changes it while the gateway runs.
/// </summary>
/// <param name="first">What the settings say at the start.</param>
/// <param name="isAutoJson">What <see cref="LogFormat.Auto"/> means for this process.</param>
internal sealed class ConsoleFormat(LogFormat first, bool isAutoJson) : IConfigureOptions<ConsoleLoggerOptions>, IOptionsChangeTokenSource<ConsoleLoggerOptions>
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private ConfigurationReloadToken _changed = new();
    private volatile LogFormat _format = first;

    public bool IsJson => _format == LogFormat.Json || (_format == LogFormat.Auto && isAutoJson);

    /// <summary>The default options are the only ones of the console.</summary>
    string? IOptionsChangeTokenSource<ConsoleLoggerOptions>.Name => Options.DefaultName;

    /// <summary>Both formatters, on one line a record, with the scopes: the trace id of a request is in one.</summary>
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
            options.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // the log is no part of a web page
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
        options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // callers must not wait for whoever reads the log
    }

    IChangeToken IOptionsChangeTokenSource<ConsoleLoggerOptions>.GetChangeToken() => _changed;
}
