using System.Globalization;

namespace CalGateway.Telemetry.Logs;

/// <summary>For people: one line a record, and an exception below it.</summary>
internal static class TextLines
{
    public static void Write(in LogLine line, TextWriter writer)
    {
        writer.Write(line.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.Write(LabelOf(line.Level));
        writer.Write(line.Category.AsSpan(line.Category.LastIndexOf('.') + 1));
        writer.Write(": ");
        writer.Write(line.Message.ReplaceLineEndings(" "));
        if (line.TraceId is not null && !line.Message.Contains(line.TraceId, StringComparison.Ordinal))
        {
            writer.Write(" trace=");
            writer.Write(line.TraceId);
        }

        writer.Write('\n');
        if (line.Exception is not null)
            writer.WriteLine(line.Exception);
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
