using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CalGateway.Telemetry;

/// <summary>One line a record, with the trace id that the caller got as <c>X-Request-Id</c>.</summary>
internal sealed class GatewayConsoleFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "calgateway";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(LabelOf(logEntry.LogLevel));
        textWriter.Write(logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception).ReplaceLineEndings(" "));
        if (Activity.Current is { } activity)
        {
            textWriter.Write(" trace=");
            textWriter.Write(activity.TraceId.ToHexString());
        }

        textWriter.Write('\n');
        if (logEntry.Exception is not null)
            textWriter.WriteLine(logEntry.Exception);
    }

    private static string LabelOf(LogLevel level) => level switch
    {
        LogLevel.Critical => " CRIT  ",
        LogLevel.Error => " ERROR ",
        LogLevel.Warning => " WARN  ",
        LogLevel.Information => " info  ",
        _ => " debug ",
    };
}

internal static class GatewayConsole
{
    public static void AddGatewayConsole(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(options => options.FormatterName = GatewayConsoleFormatter.FormatterName)
            .AddConsoleFormatter<GatewayConsoleFormatter, ConsoleFormatterOptions>();

        // What a request did is in its trace and, where it matters, in a line of ours. YARP's information lines hold whole URLs.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error).AddFilter("System", LogLevel.Warning);

        // What keeps the host from starting is told by the verb; what fails in a request, by the envelope.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
