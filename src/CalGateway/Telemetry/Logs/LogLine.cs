using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalGateway.Telemetry.Logs;

/// <summary>One record, however it is going to be written.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad.</param>
/// <param name="Category">The full name of the type that says it.</param>
/// <param name="Message">In words.</param>
/// <param name="Fields">What the words were made of.</param>
/// <param name="TraceId">What the caller got as <c>X-Request-Id</c>; null for what belongs to no request.</param>
/// <param name="Exception">What was thrown, if anything was.</param>
internal readonly record struct LogLine(
    DateTimeOffset Time, LogLevel Level, string Category, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields, string? TraceId, Exception? Exception)
{
    /// <summary>A field of this name tells of what request a record is where no trace is being recorded.</summary>
    public const string TraceField = "TraceId";

    public static LogLine Of<TState>(in LogEntry<TState> entry, DateTimeOffset now)
    {
        var fields = entry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        return new LogLine(
            now, entry.LogLevel, entry.Category, entry.Formatter(entry.State, entry.Exception), fields,
            Activity.Current?.TraceId.ToHexString() ?? Told(fields), entry.Exception);
    }

    private static string? Told(IReadOnlyList<KeyValuePair<string, object?>> fields)
    {
        foreach (var (name, value) in fields)
        {
            if (name == TraceField)
                return value as string;
        }

        return null;
    }
}
