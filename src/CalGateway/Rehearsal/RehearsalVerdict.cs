namespace CalGateway.Rehearsal;

/// <summary>What callers of a route would get at the other version.</summary>
internal enum RehearsalVerdict
{
    /// <summary>The same, or only additions.</summary>
    Safe,

    /// <summary>Something that callers may rely on is missing or different.</summary>
    Breaking,

    /// <summary>Cal.com does not know the version and answers as at its oldest one.</summary>
    SilentDowngrade,

    /// <summary>Cal.com has no such route at the version.</summary>
    RouteMiss,

    /// <summary>There was too little to compare, or nothing.</summary>
    NotComparable,
}

internal static class RehearsalVerdicts
{
    public static string Describe(this RehearsalVerdict verdict) => verdict switch
    {
        RehearsalVerdict.Safe => "safe",
        RehearsalVerdict.Breaking => "breaking",
        RehearsalVerdict.SilentDowngrade => "silent downgrade",
        RehearsalVerdict.RouteMiss => "route miss",
        _ => "not comparable",
    };

    public static int ExitCode(this RehearsalVerdict verdict) => verdict switch
    {
        RehearsalVerdict.Safe => 0,
        RehearsalVerdict.NotComparable => 3,
        _ => 1,
    };
}
