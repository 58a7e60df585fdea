namespace CalGateway.Configuration.Watching;

/// <summary>
/// Detects that a polled file is not being written any more: its content must be the same in two polls that are an interval apart. On a busy machine
/// two polls may follow each other at once, and both see a half.
/// </summary>
internal sealed class SettledContent(TimeProvider clock, TimeSpan? interval = null)
{
    /// <summary>Longer than a writer pauses while it writes one file, and short enough to have a new key in use within two seconds.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Timers are a little early or late; without it every second poll would come too soon.</summary>
    private readonly TimeSpan _shortest = (interval ?? PollInterval) * 0.8;

    private string? _content;
    private long _since;

    /// <summary>True if no call of the last interval had another content.</summary>
    public bool IsSettled(string content)
    {
        if (content != _content)
        {
            _content = content;
            _since = clock.GetTimestamp();
            return false;
        }

        return clock.GetElapsedTime(_since) >= _shortest;
    }
}
