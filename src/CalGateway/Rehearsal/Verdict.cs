namespace CalGateway.Rehearsal;

/// <summary>What callers of a route would meet at the other version.</summary>
internal enum Verdict
{
    /// <summary>The same, or additions alone.</summary>
    Safe,

    /// <summary>Something that they may rely on is gone or different.</summary>
    Breaking,

    /// <summary>Cal.com does not know the version and answers as at its oldest.</summary>
    SilentDowngrade,

    /// <summary>Cal.com has no such route at the version.</summary>
    RouteMiss,

    /// <summary>There was nothing to compare, or too little.</summary>
    NotComparable,
}

internal static class VerdictWords
{
    public static string Spoken(this Verdict verdict) => verdict switch
    {
        Verdict.Safe => "safe",
        Verdict.Breaking => "breaking",
        Verdict.SilentDowngrade => "silent downgrade",
        Verdict.RouteMiss => "route miss",
        _ => "not comparable",
    };

    public static int ExitCode(this Verdict verdict) => verdict switch
    {
        Verdict.Safe => 0,
        Verdict.NotComparable => 3,
        _ => 1,
    };
}
