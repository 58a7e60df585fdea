using System.Collections.Concurrent;
using System.Globalization;
using CalGateway.Sandbox.Operations;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Edge;

/// <summary>
/// The server's rate limiter: 120 requests in 60 seconds for each key; a key that exceeds this is blocked for 60 seconds.
/// Where it is not enforced, the headers always tell a quota that is nearly full.
/// </summary>
internal sealed class RateLimiter(bool enforced, TimeProvider time)
{
    private const int Limit = 120;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Window> windows = new(StringComparer.Ordinal);

    /// <summary>Counts a request, and sets the quota headers. False if the request exceeds the limit.</summary>
    public bool TryPass(string tracker, List<KeyValuePair<string, StringValues>> headers)
    {
        var (passed, remaining, reset) = enforced ? windows.GetOrAdd(tracker, _ => new Window()).Count(time.GetUtcNow()) : (true, Limit - 1, Period);
        headers.AddRange(Headers(remaining, reset));
        return passed;
    }

    public static IEnumerable<KeyValuePair<string, StringValues>> Headers(int remaining, TimeSpan reset) =>
    [
        new("X-RateLimit-Limit-Default", Limit.ToString(CultureInfo.InvariantCulture)),
        new("X-RateLimit-Remaining-Default", remaining.ToString(CultureInfo.InvariantCulture)),
        new("X-RateLimit-Reset-Default", Math.Ceiling(reset.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
    ];

    public static Answer TooMany()
    {
        const string Message = "Too many requests. Please try again later.";
        return Answer.Refuse(StatusCodes.Status429TooManyRequests, "ThrottlerException", Message, Message);
    }

    private sealed class Window
    {
        private readonly Lock gate = new();
        private DateTimeOffset ends;
        private int hits;
        private bool blocked;

        public (bool Passed, int Remaining, TimeSpan Reset) Count(DateTimeOffset now)
        {
            lock (gate)
            {
                if (now >= ends)
                    (ends, hits, blocked) = (now + Period, 0, false);
                if (!blocked && ++hits > Limit)
                    (ends, blocked) = (now + Period, true);
                return (!blocked, blocked ? 0 : Limit - hits, ends - now);
            }
        }
    }
}
