namespace CalGateway.Configuration;

/// <summary>A revision passed validation but failed when it was put in force.</summary>
/// <param name="restore">Why restoring the previous revision failed too; null where that worked.</param>
internal sealed class RevisionRejectedException(Exception reason, Exception? restore)
    : Exception($"{Innermost(reason)}{(restore is null ? "" : $" Nor could the revision before be given back to YARP: {Innermost(restore)}")}", reason)
{
    /// <summary>The message of the innermost exception, which has the cause; the outer ones only say that something failed.</summary>
    public static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
            failure = inner;
        return failure.Message.TrimEnd();
    }
}
