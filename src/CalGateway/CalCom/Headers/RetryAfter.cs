using System.Globalization;
using System.Net.Http.Headers;
using CalGateway.CalCom.Quota;

namespace CalGateway.CalCom.Headers;

/// <summary>When to ask again: <c>Retry-After</c> (RFC 9110, section 10.2.3), or what else an upstream says of it. Callers are told in seconds.</summary>
internal static class RetryAfter
{
    public const string Header = "Retry-After";

    /// <summary>An upstream that says more is not believed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Cal.com counts by the minute.</summary>
    private static readonly TimeSpan UsualOfQuota = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UsualOfOutage = TimeSpan.FromSeconds(5);

    /// <summary>Whether callers are told on every answer of this status.</summary>
    public static bool IsOwed(int status) => status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    /// <summary>Where nobody has said it.</summary>
    public static TimeSpan Usual(int status) => status == StatusCodes.Status429TooManyRequests ? UsualOfQuota : UsualOfOutage;

    /// <summary>As the header's value.</summary>
    public static string Text(TimeSpan wait) => ((long)Bounded(wait).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>What is left of it some time after it was said.</summary>
    public static string? Less(string? text, TimeSpan since) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && since > TimeSpan.Zero && seconds <= Longest.TotalSeconds
            ? Text(TimeSpan.FromSeconds(seconds) - since)
            : text;

    /// <summary>For how long the upstream wants not to be asked again, between a second and a day; null where it does not say so in a form that can be read.</summary>
    public static TimeSpan? SaidBy(HttpResponseMessage answer, DateTimeOffset now)
    {
        var said = answer.Headers.NonValidated.TryGetValues(Header, out var values) ? Read(values.First().Trim(), now) : null;
        return (said ?? (IsOwed((int)answer.StatusCode) ? QuotaReset.In(answer, now) : null)) is { } wait ? Bounded(wait) : null;
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
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;

        return RetryConditionHeaderValue.TryParse(value, out var condition) ? Of(condition, now) : null;
    }

    /// <summary>In whole seconds, not less than was said.</summary>
    private static TimeSpan Bounded(TimeSpan wait) =>
        wait > Longest ? Longest : wait < Shortest ? Shortest : TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
}
