using System.Diagnostics;

namespace CalGateway.Telemetry;

/// <summary>
/// Writes to a request's spans what kept it from Cal.com, for a while or altogether, and whether it was sent twice. The tags go to the current span and to the
/// spans around it that have not ended, so that YARP's span and the server span (or the span of a refresh) both have them. Without a recorded span nothing is
/// written and nothing allocated.
/// </summary>
internal static class UpstreamTags
{
    /// <summary>How long the request waited for quota, in seconds.</summary>
    public const string QuotaWaited = "calgateway.upstream.quota.waited";

    /// <summary>How long the request waited because <c>MaxConcurrency</c> requests were at Cal.com, in seconds.</summary>
    public const string ConcurrencyWaited = "calgateway.upstream.concurrency.waited";

    /// <summary>Why the request was not sent: <c>quota</c>, <c>circuit</c>, <c>concurrency</c> or <c>fills</c>.</summary>
    public const string Refused = "calgateway.upstream.refused";

    /// <summary>What the request is for: <c>write</c>, <c>read</c>, <c>refresh</c> or <c>curiosity</c>. Only beside a wait or a refusal.</summary>
    public const string Class = "calgateway.upstream.class";

    /// <summary>What became of a retry: <c>success</c>, <c>failure</c> or <c>refused</c>.</summary>
    public const string Retry = "calgateway.upstream.retry";

    /// <summary>The conventions' name; 1 where the request was sent a second time.</summary>
    public const string ResendCount = "http.request.resend_count";

    public static void WriteWait(string name, TimeSpan waited, string @class)
    {
        if (Activity.Current is not { IsAllDataRequested: true })
            return;

        Write(name, Math.Round(waited.TotalSeconds, 6));
        Write(Class, @class);
    }

    public static void WriteRefusal(string reason, string @class)
    {
        Write(Refused, reason);
        Write(Class, @class);
    }

    public static void WriteRetry(string outcome) => Write(Retry, outcome);

    public static void WriteResend()
    {
        if (Activity.Current is { IsAllDataRequested: true })
            Write(ResendCount, 1);
    }

    private static void Write(string name, object value)
    {
        for (var span = Activity.Current; span is { IsStopped: false }; span = span.Parent)
        {
            if (span.IsAllDataRequested)
                span.SetTag(name, value);
        }
    }
}
