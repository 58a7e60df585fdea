using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CalGateway.Management.Page;

namespace CalGateway.Management.Live;

/// <summary><c>/events</c>: status and last fifteen minutes as server-sent events, at most one of each kind a second, and only what differs.</summary>
internal sealed class LiveEvents(LiveText text, BrowserToken token, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>Further listeners get 503.</summary>
    public const int MaxListeners = 20;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After this time without an event a heartbeat is sent, so that the page knows that the connection still works.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _listeners;

    public IResult Listen(HttpContext context)
    {
        if (Interlocked.Increment(ref _listeners) > MaxListeners)
        {
            Interlocked.Decrement(ref _listeners);
            context.Response.Headers.RetryAfter = "5";
            return TypedResults.Text($"{MaxListeners} pages are connected already; /status has the same.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        context.Response.OnCompleted(() =>
        {
            Interlocked.Decrement(ref _listeners);
            return Task.CompletedTask;
        });
        return TypedResults.ServerSentEvents(SendAsync(context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> SendAsync([EnumeratorCancellation] CancellationToken gone)
    {
        // The gateway stops before this listener does; its stop must not wait for open event streams.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval, clock);
        (string? Status, string? Activity) sent = default;
        var lastSent = clock.GetTimestamp();

        yield return new SseItem<string>(token.Value, "token");
        do
        {
            var now = text.Now();
            if (now.Status != sent.Status)
                yield return new SseItem<string>(now.Status, "status");
            if (now.Activity != sent.Activity)
                yield return new SseItem<string>(now.Activity, "pulse");

            if (now != sent)
                lastSent = clock.GetTimestamp();
            else if (clock.GetElapsedTime(lastSent) >= Heartbeat)
            {
                lastSent = clock.GetTimestamp();
                yield return new SseItem<string>("", "heartbeat");
            }

            sent = now;
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
}
