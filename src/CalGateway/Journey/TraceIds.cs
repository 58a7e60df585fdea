using System.Diagnostics;

namespace CalGateway.Journey;

/// <summary>By which id a request is known: its trace's, whether or not anybody records the trace.</summary>
internal static class TraceIds
{
    private const int Start = 3;
    private const int Length = 32;

    /// <param name="activity">The request's; null where no trace is recorded.</param>
    /// <param name="headers">The caller's, who may have begun a trace.</param>
    public static string Of(Activity? activity, IHeaderDictionary headers)
    {
        if (activity is not null)
            return activity.TraceId.ToHexString();

        return headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, traceState: null, out _)
            ? parent.Substring(Start, Length)
            : ActivityTraceId.CreateRandom().ToHexString();
    }
}
