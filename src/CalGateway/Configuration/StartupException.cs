namespace CalGateway.Configuration;

/// <summary>The gateway cannot start. The process prints the message and ends with exit code 1.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Null, with the reason, where <paramref name="read"/> throws what would prevent a start.</summary>
    public static T? Try<T>(Func<T?> read, out string? failure)
        where T : class
    {
        try
        {
            failure = null;
            return read();
        }
        catch (StartupException refused)
        {
            failure = refused.Message;
            return null;
        }
    }
}
