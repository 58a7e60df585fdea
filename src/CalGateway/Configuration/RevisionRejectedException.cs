namespace CalGateway.Configuration;

/// <summary>A revision that had been found good threw when it was put in force.</summary>
/// <param name="reason">What threw.</param>
/// <param name="afterwards">What threw when the revision before was given back to YARP; null where that went well.</param>
internal sealed class RevisionRejectedException(Exception reason, Exception? afterwards)
    : Exception($"{Innermost(reason)}{(afterwards is null ? "" : $" Nor could the revision before be given back to YARP: {Innermost(afterwards)}")}", reason)
{
    /// <summary>The outer ones only say that something was thrown.</summary>
    public static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
            failure = inner;
        return failure.Message.TrimEnd();
    }
}
