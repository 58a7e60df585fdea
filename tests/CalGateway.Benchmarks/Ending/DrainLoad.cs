using System.Collections.Concurrent;
using System.Net;

namespace CalGateway.Benchmarks.Ending;

/// <summary>
/// Callers that keep their connections while the gateway ends. Like those behind a load balancer they go on for a while after readiness has turned, and
/// they open a new connection where they are asked to leave the old one. None of them tries a failed request again.
/// </summary>
/// <param name="http1">Where HTTP/1.1 is spoken.</param>
/// <param name="http2">Where HTTP/2 is spoken, without TLS and from the first byte on.</param>
/// <param name="goOn">For how long callers go on once readiness has turned.</param>
internal sealed class DrainLoad(Uri http1, Uri http2, TimeSpan goOn)
{
    private const int Http1Callers = 8;
    private const int Http2Callers = 8;

    private static readonly string[] Paths = ["/calcom/v2/event-types", "/calcom/v2/me"];

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly TaskCompletionSource _turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _answered;
    private long _asFarAsTurned;

    public IReadOnlyCollection<string> Failures => _failures;

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Answers after readiness had turned.</summary>
    public long AnsweredAfterTurn => Answered - Interlocked.Read(ref _asFarAsTurned);

    /// <summary>Ends once readiness is no longer 200.</summary>
    public Task Turned => _turned.Task;

    /// <summary>Until the callers have gone. Whoever calls it ends the gateway meanwhile.</summary>
    public async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        using var shared = new HttpClient(new SocketsHttpHandler()) // one connection for all, as HTTP/2 has it
        {
            BaseAddress = http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var callers = Enumerable.Range(0, Http1Callers).Select(number => Task.Run(() => CallAsync(number, over.Token)))
            .Concat(Enumerable.Range(0, Http2Callers).Select(number => Task.Run(() => CallAsync(shared, number, over.Token))))
            .ToList();

        await WatchReadinessAsync();
        Interlocked.Exchange(ref _asFarAsTurned, Answered);
        _turned.SetResult();
        await Task.Delay(goOn, TimeProvider.System, CancellationToken.None);
        await over.CancelAsync();
        await Task.WhenAll(callers);
    }

    /// <summary>Ten times a second, each time on a new connection, as probes do.</summary>
    private async Task WatchReadinessAsync()
    {
        while (true)
        {
            using var probe = new HttpClient { BaseAddress = http1 };
            using var answer = await probe.GetAsync("/healthz/ready", CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task CallAsync(int number, CancellationToken over)
    {
        using var caller = new KeptConnection(http1);
        for (var turn = number; !over.IsCancellationRequested; turn++)
            Note(await Outcome(() => caller.GetAsync(Paths[turn % Paths.Length])));
    }

    private async Task CallAsync(HttpClient caller, int number, CancellationToken over)
    {
        for (var turn = number; !over.IsCancellationRequested; turn++)
        {
            Note(await Outcome(async () =>
            {
                using var answer = await caller.GetAsync(Paths[turn % Paths.Length], CancellationToken.None);
                return (int)answer.StatusCode;
            }));
        }
    }

    private static async Task<string?> Outcome(Func<Task<int>> ask)
    {
        try
        {
            return await ask() is var status and not 200 ? $"status {status}" : null;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return $"{failure.GetType().Name}: {failure.Message} {failure.InnerException?.Message}";
        }
    }

    private void Note(string? failure)
    {
        if (failure is null)
            Interlocked.Increment(ref _answered);
        else
            _failures.Enqueue(failure);
    }
}
