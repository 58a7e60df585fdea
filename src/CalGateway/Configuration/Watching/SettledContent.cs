namespace CalGateway.Configuration.Watching;

/// <summary>
/// Detects that a polled file is not being written any more: its content must be the same in two polls in a row.
/// </summary>
internal sealed class SettledContent
{
    /// <summary>Longer than a writer pauses while it writes one file, and short enough to have a new key in use within two seconds.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private string? _last;

    /// <summary>True if the last call had the same content.</summary>
    public bool IsSettled(string content)
    {
        var settled = content == _last;
        _last = content;
        return settled;
    }
}
