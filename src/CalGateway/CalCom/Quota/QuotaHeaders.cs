using System.Globalization;
using System.Net;
using CalGateway.CalCom.Headers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// What an answer of Cal.com's says of the key's requests in the window that runs. Some calls have a quota of their own besides, under a name of their own
/// (X-RateLimit-Remaining-booking_guests_add): that says nothing about the others. Where a header is told twice, the stricter value counts.
/// </summary>
/// <param name="Left">How many requests are left.</param>
/// <param name="Reset">In how long there are as many as before; null where it is not told in a form that can be believed.</param>
/// <param name="Limit">How many there are in each window; null as for <paramref name="Reset"/>.</param>
internal readonly record struct QuotaHeaders(int Left, TimeSpan? Reset, int? Limit)
{
    private const string Prefix = "X-RateLimit-";
    private const string LimitHeader = "X-RateLimit-Limit";
    private const string RemainingHeader = "X-RateLimit-Remaining";
    private const string ResetHeader = "X-RateLimit-Reset";
    private const string Default = "-Default";
    private const int Most = 1_000_000;

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Whether the answer tells anything of a quota. Cal.com's own answers do, but for route misses; those of the edge in front of it do not.</summary>
    public static bool AreOn(HttpResponseMessage answer)
    {
        foreach (var (name, _) in answer.Headers.NonValidated)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Null where the answer does not tell; the calendar is asked only where it does.</summary>
    public static QuotaHeaders? In(HttpResponseMessage answer, TimeProvider clock)
    {
        long? limit = null;
        long? left = null;
        long? reset = null;
        var ofItsOwn = false;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (IsDefault(name, RemainingHeader))
                left = Stricter(left, Numbers(values).Min(), Math.Min);
            else if (IsDefault(name, ResetHeader))
                reset = Stricter(reset, Numbers(values).Max(), Math.Max);
            else if (IsDefault(name, LimitHeader))
                limit = Stricter(limit, Numbers(values).Min(), Math.Min);
            else
                ofItsOwn |= name.StartsWith(RemainingHeader, StringComparison.OrdinalIgnoreCase);
        }

        if (left is null && !ofItsOwn && answer is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter: { } condition }
            && RetryAfter.Of(condition, clock.GetUtcNow()) is { } wait)
        {
            return new QuotaHeaders(0, Believed(wait), null);
        }

        return left is { } known
            ? new QuotaHeaders((int)Math.Min(known, Most), reset is null ? null : Believed(WindowOf(reset, answer, clock.GetUtcNow())), limit is > 0 and <= Most ? (int)limit : null)
            : null;
    }

    /// <summary>
    /// The time until the reset: a number of seconds or, as in Cal.com's documentation, seconds since 1970, which are far more. Those are compared with the
    /// answer's own <c>Date</c>, because the clock of this machine may be wrong. A minute if nothing is told.
    /// </summary>
    public static TimeSpan WindowOf(long? reset, HttpResponseMessage answer, DateTimeOffset now) => reset switch
    {
        null => Usual,
        < 1_000_000_000 => TimeSpan.FromSeconds(reset.Value),
        _ => TimeSpan.FromSeconds(Math.Min(reset.Value, 253_402_300_799) - (answer.Headers.Date ?? now).ToUnixTimeSeconds()),
    };

    private static bool IsDefault(string name, string header) =>
        name.StartsWith(header, StringComparison.OrdinalIgnoreCase)
        && (name.Length == header.Length || name.AsSpan(header.Length).Equals(Default, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those that are numbers at all: two headers of the same name come as a list.</summary>
    private static IEnumerable<long?> Numbers(System.Net.Http.Headers.HeaderStringValues values)
    {
        foreach (var value in values)
        {
            foreach (var text in value.Split(',', StringSplitOptions.TrimEntries))
            {
                if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    yield return number;
            }
        }
    }

    private static long? Stricter(long? known, long? told, Func<long, long, long> choose) => known is null || told is null ? known ?? told : choose(known.Value, told.Value);

    /// <summary>Null for what no window can be: longer than an hour, or over before the answer was sent.</summary>
    private static TimeSpan? Believed(TimeSpan window) => window > Longest || window < TimeSpan.Zero ? null : window;
}
