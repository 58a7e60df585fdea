namespace CalGateway.Commands;

/// <summary>
/// What the program says to whoever started it. A stream may take nothing, as on a full disk or where it was closed: a gateway serves all the same, and a verb
/// that does nothing but say something fails in one line.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Whether a failure is a stream's or a file's, and no fault of the program's own.</summary>
    public static bool IsTheirs(Exception failure) => failure is IOException or UnauthorizedAccessException;

    public static Task TrySayAsync(string line) => TryAsync(static () => Console.Out, line);

    public static Task TryWarnAsync(string line) => TryAsync(static () => Console.Error, line);

    private static async Task TryAsync(Func<TextWriter> stream, string line)
    {
        try
        {
            await stream().WriteLineAsync(line);
        }
        catch (Exception failure) when (IsTheirs(failure))
        {
            // Nowhere is left to say it.
        }
    }
}
