using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CalGateway.Benchmarks.Chaos;

/// <summary>Callers of all kinds, who judge each answer by itself: lists that are stored, reads that are not, and writes that each carry a mark.</summary>
internal sealed class ChaosCallers(Uri gateway)
{
    private const int Lists = 20;

    private readonly ConcurrentQueue<double> _listMilliseconds = new();
    private readonly ConcurrentDictionary<string, bool> _writes = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<string> _unexplained = new();
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private int _mark;

    public IReadOnlyCollection<string> Wrong => _wrong;

    public IReadOnlyCollection<string> Unexplained => _unexplained;

    /// <summary>The mark of each write, and whether its caller was told that it was carried out.</summary>
    public IReadOnlyDictionary<string, bool> Writes => _writes;

    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    public bool AnswersMayBeCut { get; set; }

    public double ListQuantile(double part) => _listMilliseconds.Order().ElementAtOrDefault((int)(part * (_listMilliseconds.Count - 1)));

    /// <summary>Until it is over.</summary>
    public Task RunAsync(CancellationToken over) => Task.WhenAll(
        Enumerable.Range(0, 4).Select(seed => EachAsync(caller => ListAsync(caller, new Random(seed)), over))
            .Concat(Enumerable.Range(0, 4).Select(_ => EachAsync(ReadAsync, over)))
            .Concat(Enumerable.Range(0, 2).Select(_ => EachAsync(WriteAsync, over))));

    public async Task WarmAsync()
    {
        using var caller = Create();
        for (var list = 0; list < Lists; list++)
            (await caller.GetAsync($"/calcom/v2/event-types?take={list}")).EnsureSuccessStatusCode().Dispose();
    }

    private HttpClient Create() => new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };

    private async Task EachAsync(Func<HttpClient, Task> ask, CancellationToken over)
    {
        using var caller = Create();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!over.IsCancellationRequested)
        {
            await ask(caller);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task ListAsync(HttpClient caller, Random random)
    {
        var watch = Stopwatch.StartNew();
        await JudgeAsync("list", () => caller.GetAsync($"/calcom/v2/event-types?take={random.Next(Lists)}"));
        _listMilliseconds.Enqueue(watch.Elapsed.TotalMilliseconds);
    }

    private async Task ReadAsync(HttpClient caller) => await JudgeAsync("read", () => caller.GetAsync("/calcom/v2/me"));

    /// <summary>Of something that the lists do not show, so that they stay stored.</summary>
    private async Task WriteAsync(HttpClient caller)
    {
        var mark = $"mark-{Interlocked.Increment(ref _mark).ToString(CultureInfo.InvariantCulture)}-";
        _writes[mark] = false;
        using var body = new StringContent($$"""{"name":"{{mark}}","timeZone":"Europe/London","isDefault":false}""", Encoding.UTF8, "application/json");
        _writes[mark] = await JudgeAsync("write", () => caller.PostAsync("/calcom/v2/schedules", body));
    }

    /// <summary>True for a success.</summary>
    private async Task<bool> JudgeAsync(string kind, Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            var text = await answer.Content.ReadAsStringAsync();
            _outcomes.AddOrUpdate($"{kind} {(int)answer.StatusCode} {CodeOf(answer, text)}".TrimEnd(), 1, (_, count) => count + 1);
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
            {
                if (!IsSuccess(text))
                    _wrong.Enqueue($"{kind}: 200 {text[..Math.Min(100, text.Length)]}");
                return true;
            }

            // Either the gateway says why, or it is Cal.com's own error, under a request id.
            if ((int)answer.StatusCode < 500 || !answer.Headers.Contains("X-Request-Id"))
                _unexplained.Enqueue($"{kind}: {(int)answer.StatusCode} {text[..Math.Min(100, text.Length)]}");
            return false;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            _outcomes.AddOrUpdate($"{kind} cut off", 1, (_, count) => count + 1);
            if (!AnswersMayBeCut)
                _unexplained.Enqueue($"{kind}: {failure.Message} {failure.InnerException?.Message}");
            return false;
        }
    }

    private static string CodeOf(HttpResponseMessage answer, string text) => answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
        ? JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!
        : "";

    private static bool IsSuccess(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() == "success";
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException)
        {
            return false;
        }
    }
}
