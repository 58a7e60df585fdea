namespace CalGateway.Configuration;

internal enum Severity
{
    /// <summary>Takes effect, and is said out loud wherever the configuration is shown.</summary>
    Warning,

    /// <summary>Refused: a start does not start, a reload keeps the last good revision.</summary>
    Error,
}

/// <summary>One thing that a start, a reload or the <c>check</c> verb has to say about the configuration.</summary>
/// <param name="Severity">Whether the content is refused for it.</param>
/// <param name="Message">What is wrong and what to write instead; a whole sentence, free of secrets.</param>
/// <param name="Key">The setting in ASP.NET's form (<c>ReverseProxy:Routes:event-types</c>), where one is to blame.</param>
/// <param name="Line">Line in the file, from 1; 0 where the finding has no place in it.</param>
/// <param name="Column">Column in that line, in characters from 1.</param>
internal sealed record Finding(Severity Severity, string Message, string? Key = null, int Line = 0, int Column = 0)
{
    public static Finding Error(string message, string? key = null) => new(Severity.Error, message, key);

    public static Finding Warning(string message, string? key = null) => new(Severity.Warning, message, key);

    /// <summary>The compiler's form, which editors and people can follow: <c>yarp.json:14:38 error …</c>.</summary>
    public string Describe(string file)
    {
        var place = Line > 0 ? $"{file}:{Line}:{Column}" : file;
        return $"{place} {(Severity == Severity.Error ? "error" : "warning")}: {Message}";
    }
}
