using System.Net.Http.Headers;

namespace CalGateway.CalCom;

/// <summary><c>Retry-After</c> (RFC 9110, section 10.2.3), which is a number of seconds or a date.</summary>
internal static class RetryAfter
{
    /// <summary>For how long not to ask again; null where it says nothing.</summary>
    public static TimeSpan? Read(string? value, DateTimeOffset now) =>
        RetryConditionHeaderValue.TryParse(value, out var condition) ? Of(condition, now) : null;

    public static TimeSpan? Of(RetryConditionHeaderValue? condition, DateTimeOffset now) => condition switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
