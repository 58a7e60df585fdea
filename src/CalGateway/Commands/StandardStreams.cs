namespace CalGateway.Commands;

/// <summary>
/// Writes to standard output and standard error. A write may fail, as on a full disk or where the stream was closed: a gateway serves all the same, and a verb
/// whose only purpose is its output fails with one line.
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
