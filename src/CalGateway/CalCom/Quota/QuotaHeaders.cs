using System.Globalization;
using System.Net;
using CalGateway.CalCom.Headers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// What the headers of an answer say about the key's quota in the current window. Some operations have a quota of their own under another name
/// (X-RateLimit-Remaining-booking_guests_add), which is ignored here. If a header occurs twice, the stricter value counts.
/// </summary>
/// <param name="Left">How many requests are left; 0 to 1,000,000.</param>
/// <param name="Reset">The time until the window ends; up to one hour, null if the answer has no plausible value.</param>
/// <param name="Limit">How many requests there are in each window; 1 to 1,000,000, null as for <paramref name="Reset"/>.</param>
internal readonly record struct QuotaHeaders(int Left, TimeSpan? Reset, int? Limit)
{
    private const string Prefix = "X-RateLimit-";
    private const string LimitHeader = "X-RateLimit-Limit";
    public const string RemainingHeader = "X-RateLimit-Remaining";
    public const string ResetHeader = "X-RateLimit-Reset";
    public const string Default = "-Default";

    /// <summary>Higher numbers of requests are not plausible.</summary>
    private const int MaxCount = 1_000_000;

    /// <summary>The length of Cal.com's window, for answers that do not tell it.</summary>
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    /// <summary>Longer windows are not plausible.</summary>
    private static readonly TimeSpan MaxWindow = TimeSpan.FromHours(1);

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

    /// <summary>Null if the answer has no such headers. The clock is read only if it has.</summary>
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
            return new QuotaHeaders(0, Plausible(wait), null);
        }

        return left is { } known
            ? new QuotaHeaders((int)Math.Min(known, MaxCount), reset is null ? null : Plausible(WindowOf(reset, answer, clock.GetUtcNow())), limit is > 0 and <= MaxCount ? (int)limit : null)
            : null;
    }

    /// <summary>
    /// The time until the reset: a number of seconds or, as in Cal.com's documentation, seconds since 1970, which are far more. Those are compared with the
    /// answer's own <c>Date</c>, because the clock of this machine may be wrong. A minute if nothing is told.
    /// </summary>
    public static TimeSpan WindowOf(long? reset, HttpResponseMessage answer, DateTimeOffset now) => reset switch
    {
        null => DefaultWindow,
        < 1_000_000_000 => TimeSpan.FromSeconds(reset.Value),
        _ => TimeSpan.FromSeconds(Math.Min(reset.Value, 253_402_300_799) - (answer.Headers.Date ?? now).ToUnixTimeSeconds()),
    };

    private static bool IsDefault(string name, string header) =>
        name.StartsWith(header, StringComparison.OrdinalIgnoreCase)
        && (name.Length == header.Length || name.AsSpan(header.Length).Equals(Default, StringComparison.OrdinalIgnoreCase));

    /// <summary>The values that are numbers. A header may occur several times, or hold a list.</summary>
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
    private static TimeSpan? Plausible(TimeSpan window) => window > MaxWindow || window < TimeSpan.Zero ? null : window;
}
