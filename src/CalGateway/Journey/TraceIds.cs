using System.Diagnostics;

namespace CalGateway.Journey;

/// <summary>The id of a request: that of its trace, whether or not the trace is recorded.</summary>
internal static class TraceIds
{
    private const int Start = 3;
    private const int Length = 32;

    /// <param name="activity">The activity of the request; null where no trace is recorded.</param>
    /// <param name="headers">The request headers; the caller may have started a trace.</param>
    public static string Of(Activity? activity, IHeaderDictionary headers)
    {
        if (activity is not null)
            return activity.TraceId.ToHexString();

        return headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, traceState: null, out _)
            ? parent.Substring(Start, Length)
            : ActivityTraceId.CreateRandom().ToHexString();
    }
}
