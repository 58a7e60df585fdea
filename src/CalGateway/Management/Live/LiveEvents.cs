using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CalGateway.Management.Page;

namespace CalGateway.Management.Live;

/// <summary>
/// <c>/events</c>: the status and the last fifteen minutes as they change, as server-sent events. At most one of each a second, and only
/// what differs from the one before.
/// </summary>
internal sealed class LiveEvents(LiveText text, BrowserToken token, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>Who comes beyond them is told to try later.</summary>
    public const int MostListeners = 20;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After so long without anything to tell a listener is told that it is still being told.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _listeners;

    public IResult Listen(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > MostListeners)
        {
            Interlocked.Decrement(ref _listeners);
            context.Response.Headers.RetryAfter = "5";
            return TypedResults.Text($"{MostListeners} pages are being told already; /status has the same.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.RegisterForDispose(new Seat(this));
        return TypedResults.ServerSentEvents(TellAsync(context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> TellAsync([EnumeratorCancellation] CancellationToken gone)
    {
        // The gateway's own end, which comes before the listener's: a stop must not wait for whoever watches it.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval, clock);
        (string? Status, string? Pulse) told = default;
        var lastTold = clock.GetTimestamp();

        yield return new SseItem<string>(token.Value, "token");
        do
        {
            var now = text.Now();
            if (now.Status != told.Status)
                yield return new SseItem<string>(now.Status, "status");
            if (now.Pulse != told.Pulse)
                yield return new SseItem<string>(now.Pulse, "pulse");

            if (now != told)
                lastTold = clock.GetTimestamp();
            else if (clock.GetElapsedTime(lastTold) >= Heartbeat)
            {
                lastTold = clock.GetTimestamp();
                yield return new SseItem<string>("", "heartbeat");
            }

            told = now;
        }
        while (await IsTimeAsync(timer, over.Token));
    }

    private static async Task<bool> IsTimeAsync(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Seat(LiveEvents events) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref events._listeners);
    }
}
