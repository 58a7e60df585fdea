namespace CalGateway.Configuration;

internal enum Severity
{
    /// <summary>The settings take effect; the warning is shown wherever the configuration is.</summary>
    Warning,

    /// <summary>The settings are refused: a start fails, a reload keeps the last good revision.</summary>
    Error,
}

/// <summary>An error or a warning about the settings, as a start, a reload and the verb <c>check</c> report it.</summary>
/// <param name="Message">What is wrong and what to write instead: a whole sentence without secrets.</param>
/// <param name="Key">The setting in ASP.NET's form (<c>ReverseProxy:Routes:event-types</c>); null where it is about no single setting.</param>
/// <param name="Line">The line in the file, counted from 1; 0 where the finding has no location.</param>
/// <param name="Column">The column in characters, counted from 1.</param>
internal sealed record Finding(Severity Severity, string Message, string? Key = null, int Line = 0, int Column = 0)
{
    /// <summary>The settings may be right, and a file that they name is missing or wrong: it may come.</summary>
    public bool IsOfAnotherFile { get; init; }

    public static Finding Error(string message, string? key = null) => new(Severity.Error, message, key);

    public static Finding Warning(string message, string? key = null) => new(Severity.Warning, message, key);

    /// <summary>An error where a duration is out of range; none where it is not set. The schema checks the ranges of whole numbers.</summary>
    /// <param name="setting">The key below <c>CalGateway</c>, such as <c>Cache:Deadline</c>.</param>
    public static IEnumerable<Finding> Within(string setting, TimeSpan? value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            yield return Error($"{setting} must lie between {Text(least)} and {Text(most)}.", $"{GatewayOptions.Section}:{setting}");
    }

    /// <summary>The finding in the form of compiler messages, which editors turn into links: <c>yarp.json:14:38 error: …</c>.</summary>
    public string Describe(string file)
    {
        var place = Line > 0 ? $"{file}:{Line}:{Column}" : file;
        return $"{place} {(Severity == Severity.Error ? "error" : "warning")}: {Message}";
    }

    /// <summary>As people write it: <c>00:00:00.5</c>, not <c>00:00:00.5000000</c>.</summary>
    private static string Text(TimeSpan value) => value.ToString("c").TrimEnd(value.Ticks % TimeSpan.TicksPerSecond == 0 ? '\0' : '0');
}
