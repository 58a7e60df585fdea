namespace CalGateway.Configuration.Watching;

/// <summary>
/// Tells a file that is still being written from one that is complete: its content counts once two looks in a row find the same.
/// </summary>
internal sealed class TwoLooks
{
    /// <summary>Longer than a writer pauses within one file, and short enough to have a new key in use within two seconds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private string? _last;

    /// <summary>True where the look before found the same.</summary>
    public bool Agree(string look)
    {
        var agree = look == _last;
        _last = look;
        return agree;
    }
}
