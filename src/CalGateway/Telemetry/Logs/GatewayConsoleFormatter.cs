using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CalGateway.Telemetry.Logs;

/// <summary>Writes each record with the trace id that the caller got as <c>X-Request-Id</c>, for whoever reads it.</summary>
internal sealed class GatewayConsoleFormatter(LogForm form, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "calgateway";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = LogLine.Of(logEntry, clock.GetUtcNow());
        if (form.IsJson)
            JsonLines.Write(line, textWriter);
        else
            TextLines.Write(line, textWriter);
    }
}
