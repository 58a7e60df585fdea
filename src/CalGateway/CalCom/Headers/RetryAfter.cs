using System.Globalization;
using System.Net.Http.Headers;
using CalGateway.CalCom.Quota;

namespace CalGateway.CalCom.Headers;

/// <summary>When a request may be sent again: <c>Retry-After</c> (RFC 9110, section 10.2.3), or the quota headers of the answer. Callers are told in seconds.</summary>
internal static class RetryAfter
{
    public const string Header = "Retry-After";

    /// <summary>A longer time is not plausible, and is shortened to this.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan MinWait = TimeSpan.FromSeconds(1);

    /// <summary>For a 429 that says nothing: Cal.com's window.</summary>
    private static readonly TimeSpan DefaultForQuota = TimeSpan.FromMinutes(1);

    /// <summary>For a 503 that says nothing.</summary>
    private static readonly TimeSpan DefaultForOutage = TimeSpan.FromSeconds(5);

    /// <summary>Whether every answer with this status must have the header.</summary>
    public static bool IsRequired(int status) => status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    public static TimeSpan DefaultFor(int status) => status == StatusCodes.Status429TooManyRequests ? DefaultForQuota : DefaultForOutage;

    /// <summary>The value of the header: whole seconds, 1 to 86,400.</summary>
    public static string Text(TimeSpan wait) => ((long)Bounded(wait).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of a stored header, less the time that has passed since it was stored.</summary>
    public static string? LeftOf(string? text, TimeSpan since) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && since > TimeSpan.Zero && seconds <= MaxWait.TotalSeconds
            ? Text(TimeSpan.FromSeconds(seconds) - since)
            : text;

    /// <summary>The time that the upstream tells, 1 second to 1 day; null if it tells none, or none that can be read.</summary>
    public static TimeSpan? In(HttpResponseMessage answer, DateTimeOffset now)
    {
        var said = answer.Headers.NonValidated.TryGetValues(Header, out var values) ? Read(values.First().Trim(), now) : null;
        return (said ?? (IsRequired((int)answer.StatusCode) ? QuotaReset.In(answer, now) : null)) is { } wait ? Bounded(wait) : null;
    }

    public static TimeSpan? Of(RetryConditionHeaderValue? condition, DateTimeOffset now) => condition switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < MaxWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : MaxWait;

        return RetryConditionHeaderValue.TryParse(value, out var condition) ? Of(condition, now) : null;
    }

    private static TimeSpan Bounded(TimeSpan wait) =>
        wait > MaxWait ? MaxWait : wait < MinWait ? MinWait : TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
}
