using System.Collections.Concurrent;
using System.Globalization;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Edge;

/// <summary>
/// The server's rate limiter: 120 requests in 60 seconds for each key; a key that exceeds this is blocked for 60 seconds. Some
/// operations have a smaller limit of their own besides.
/// Where it is not enforced, the headers always tell a quota that is nearly full.
/// </summary>
internal sealed class RateLimiter(SandboxOptions options)
{
    private const string Default = "Default";

    private readonly ConcurrentDictionary<(string Tracker, string Name), Window> windows = new();

    /// <summary>What came in each window of a key, in order.</summary>
    public IReadOnlyList<(int Passed, int Refused)> WindowsOf(string tracker) =>
        windows.TryGetValue((tracker, Default), out var window) ? window.All : [];

    /// <summary>Counts a request, and sets the quota headers. False if the request exceeds the limit.</summary>
    public bool TryPass(string tracker, RouteMatch route, List<KeyValuePair<string, StringValues>> headers)
    {
        if (!options.RateLimit)
        {
            headers.AddRange(Headers(options.RateLimitRequests, options.RateLimitRequests - 1, options.RateLimitWindow));
            return true;
        }

        var passes = Count(tracker, Default, options.RateLimitRequests, headers);
        return OperationLimits.Find(route.Operation.Method, route.Operation.Template) is { } own ? Count(tracker, own.Name, own.Limit, headers) && passes : passes;
    }

    public static IEnumerable<KeyValuePair<string, StringValues>> Headers(int limit, int remaining, TimeSpan reset, string name = Default) =>
    [
        new($"X-RateLimit-Limit-{name}", limit.ToString(CultureInfo.InvariantCulture)),
        new($"X-RateLimit-Remaining-{name}", remaining.ToString(CultureInfo.InvariantCulture)),
        new($"X-RateLimit-Reset-{name}", Math.Ceiling(reset.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
    ];

    public static Answer TooMany()
    {
        const string Message = "Too many requests. Please try again later.";
        return Answer.Refuse(StatusCodes.Status429TooManyRequests, "ThrottlerException", Message, Message);
    }

    private bool Count(string tracker, string name, int limit, List<KeyValuePair<string, StringValues>> headers)
    {
        var window = windows.GetOrAdd((tracker, name), static (_, length) => new Window(length), options.RateLimitWindow);
        var (passed, remaining, reset) = window.Count(limit, options.TimeProvider.GetUtcNow());
        headers.AddRange(Headers(limit, remaining, reset, name));
        return passed;
    }

    private sealed class Window(TimeSpan length)
    {
        private readonly Lock gate = new();
        private readonly List<(int Passed, int Refused)> counts = [];
        private DateTimeOffset ends;
        private int hits;
        private bool blocked;

        public IReadOnlyList<(int Passed, int Refused)> All
        {
            get
            {
                lock (gate)
                    return [.. counts];
            }
        }

        public (bool Passed, int Remaining, TimeSpan Reset) Count(int limit, DateTimeOffset now)
        {
            lock (gate)
            {
                if (now >= ends)
                {
                    (ends, hits, blocked) = (now + length, 0, false);
                    counts.Add((0, 0));
                }

                if (!blocked && ++hits > limit)
                    (ends, blocked) = (now + length, true);
                var count = counts[^1];
                counts[^1] = blocked ? count with { Refused = count.Refused + 1 } : count with { Passed = count.Passed + 1 };
                return (!blocked, blocked ? 0 : limit - hits, ends - now);
            }
        }
    }
}
