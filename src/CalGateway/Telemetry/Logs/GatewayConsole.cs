using Microsoft.Extensions.Logging.Console;

namespace CalGateway.Telemetry.Logs;

internal static class GatewayConsole
{
    public static void AddGatewayConsole(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(options =>
            {
                options.FormatterName = GatewayConsoleFormatter.FormatterName;
                options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite; // whoever does not read the log must not hold up callers
            })
            .AddConsoleFormatter<GatewayConsoleFormatter, ConsoleFormatterOptions>();

        // What a request did is in its trace and, where it matters, in a line of ours. YARP's information lines hold whole URLs.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error).AddFilter("System", LogLevel.Warning);

        // What keeps the host from starting is told by the verb; what fails in a request, by the envelope.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
