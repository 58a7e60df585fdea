using System.Globalization;
using System.Net;
using CalGateway.CalCom.Headers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// What an answer of Cal.com's says of the key's requests a minute. Some calls have a quota of their own besides, under a name of their own
/// (X-RateLimit-Remaining-booking_guests_add): that says nothing about the others.
/// </summary>
/// <param name="Left">How many requests are left.</param>
/// <param name="Reset">In how long there are as many as before.</param>
internal readonly record struct QuotaHeaders(int Left, TimeSpan Reset)
{
    private const string Prefix = "X-RateLimit-";
    private const string Remaining = "X-RateLimit-Remaining";
    private const string Resetting = "X-RateLimit-Reset";
    private const string Default = "-Default";

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Null where the answer does not tell; the clock is asked only where it does.</summary>
    public static QuotaHeaders? In(HttpResponseMessage answer, TimeProvider clock)
    {
        long? left = null;
        long? reset = null;
        var ofItsOwn = false;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (IsDefault(name, Remaining))
                left = Number(values.ToString());
            else if (IsDefault(name, Resetting))
                reset = Number(values.ToString());
            else
                ofItsOwn |= name.StartsWith(Remaining, StringComparison.OrdinalIgnoreCase);
        }

        if (left is null && !ofItsOwn && answer is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter: { } condition }
            && RetryAfter.Of(condition, clock.GetUtcNow()) is { } wait)
        {
            return new QuotaHeaders(0, Bounded(wait));
        }

        return left is { } known ? new QuotaHeaders((int)Math.Min(known, int.MaxValue), Bounded(WindowOf(reset, clock.GetUtcNow()))) : null;
    }

    private static bool IsDefault(string name, string header) =>
        name.StartsWith(header, StringComparison.OrdinalIgnoreCase)
        && (name.Length == header.Length || name.AsSpan(header.Length).Equals(Default, StringComparison.OrdinalIgnoreCase));

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Seconds from now; Cal.com's documentation has seconds since 1970, which are far more.</summary>
    public static TimeSpan WindowOf(long? reset, DateTimeOffset now) => reset switch
    {
        null => Usual,
        < 1_000_000_000 => TimeSpan.FromSeconds(reset.Value),
        _ => TimeSpan.FromSeconds(Math.Min(reset.Value, 253_402_300_799) - now.ToUnixTimeSeconds()),
    };

    private static TimeSpan Bounded(TimeSpan window) => window < TimeSpan.Zero ? TimeSpan.Zero : window > Longest ? Longest : window;
}
