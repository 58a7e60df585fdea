namespace CalGateway.Configuration.Watching;

/// <summary>
/// Looks at a file that others write. A look may find it half-written; what two looks in a row agree on is taken for what was meant.
/// </summary>
internal sealed class TwoLooks
{
    /// <summary>Between two looks at a file with keys: more than a writer pauses within one file, and little enough to have a new key in use within two seconds.</summary>
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
