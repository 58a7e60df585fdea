namespace CalGateway.Caching.Plans;

/// <summary>How a stored answer may be used at its age.</summary>
internal enum Phase
{
    Fresh,

    /// <summary>Served at once, and refreshed in the background.</summary>
    Revalidate,

    /// <summary>Served only if Cal.com fails.</summary>
    IfError,

    Over,
}

/// <summary>The three windows of a policy. Both stale windows begin at the end of <paramref name="Fresh"/>, as in RFC 5861.</summary>
internal sealed record ServingWindows(TimeSpan Fresh, TimeSpan WhileRevalidate, TimeSpan IfError)
{
    public TimeSpan Lifetime => Fresh + (WhileRevalidate > IfError ? WhileRevalidate : IfError);

    public static ServingWindows Of(CachePolicyOptions options) => new(options.Fresh, options.StaleWhileRevalidate, options.StaleIfError);

    public static ServingWindows OfEmpty(CachePolicyOptions options) =>
        new(options.Empty < options.Fresh ? options.Empty : options.Fresh, TimeSpan.Zero, TimeSpan.Zero);

    public Phase At(TimeSpan age)
    {
        if (age < Fresh)
            return Phase.Fresh;
        if (age < Fresh + WhileRevalidate)
            return Phase.Revalidate;
        return age < Fresh + IfError ? Phase.IfError : Phase.Over;
    }

    /// <summary>The seconds for which an answer is still fresh; negative if it is stale.</summary>
    public long SecondsLeft(TimeSpan age)
    {
        var left = (Fresh - age).TotalSeconds;
        return (long)(left > 0 ? Math.Ceiling(left) : Math.Min(Math.Floor(left), -1));
    }
}
