using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Commands;
using CalGateway.Sandbox;

namespace CalGateway.Benchmarks;

/// <summary>
/// Ten times the load that a key's quota allows, from four consumers of which one sends nine tenths, over three windows of a sandbox that enforces 120 requests in
/// 60 seconds: what Cal.com counted, what each consumer got, how long writes took. With a foreign user of the same key that takes half, too; and with several
/// gateways, each of which sees the others as foreign users.
/// </summary>
internal static class QuotaLoad
{
    private const int Limit = 120;
    private const int GreedyPerMinute = 1080;
    private const int ModestPerMinute = 40;
    private const int WritesPerMinute = 6;
    private const int ListsPerMinute = 240;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly string[] Modest = ["one", "two", "three"];
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <param name="windows">How many windows of the quota it takes.</param>
    /// <param name="gateways">How many gateways the load is spread over.</param>
    /// <param name="withForeigner">Somebody else uses the same key, and takes half of it.</param>
    /// <param name="redis">Through which gateways share the quota; null for none.</param>
    public static async Task RunAsync(int windows, int gateways, bool withForeigner, string? redis)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { RateLimit = true });
        var file = await SettingsAsync();
        var apps = new List<(WebApplication App, Uri Address)>();
        for (var i = 0; i < gateways; i++)
        {
            var port = Server.FreePort();
            var app = RunCommand.Build(new Launch(file, Sandbox: false, $"http://127.0.0.1:{port}", Environment(sandbox, redis)));
            await app.StartAsync();
            apps.Add((app, new Uri($"http://127.0.0.1:{port}")));
        }

        using var over = new CancellationTokenSource(windows * Window + TimeSpan.FromSeconds(2), Clock);
        var answers = new ConcurrentBag<Answer>();
        var addresses = apps.Select(app => app.Address).ToList();
        List<Task> loads =
        [
            LoadAsync(addresses, "greedy", "GET", "/calcom/v2/me", GreedyPerMinute, answers, over.Token),
            LoadAsync(addresses, "greedy", "GET", "/calcom/v2/event-types", ListsPerMinute, answers, over.Token),
            LoadAsync(addresses, "one", "POST", "/calcom/v2/schedules", WritesPerMinute, answers, over.Token),
            .. Modest.Select(name => LoadAsync(addresses, name, "GET", "/calcom/v2/me", ModestPerMinute, answers, over.Token)),
        ];
        if (withForeigner)
            loads.Add(ForeignAsync(sandbox, over.Token));
        await Task.WhenAll(loads);

        Print(sandbox, answers, windows, gateways, withForeigner);
        foreach (var (app, _) in apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    private static void Print(SandboxHost sandbox, ConcurrentBag<Answer> answers, int windows, int gateways, bool withForeigner)
    {
        string Of(string consumer, string method, string path)
        {
            var all = answers.Where(answer => answer.Consumer == consumer && answer.Method == method && answer.Path == path).ToList();
            var right = all.Count(answer => answer.Status is HttpStatusCode.OK or HttpStatusCode.Created);
            var took = all.Where(answer => answer.Status is HttpStatusCode.OK or HttpStatusCode.Created).Select(answer => answer.Took.TotalMilliseconds).Order().ToList();
            var p99 = took.Count == 0 ? 0 : took[(int)(0.99 * (took.Count - 1))];
            return string.Create(CultureInfo.InvariantCulture, $"{consumer,-7} {method,-4} {path,-24} asked {all.Count,5}, answered {right,5} ({right / (double)windows:0.0} a window), p99 {p99:0} ms");
        }

        var refused = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToList();
        var others = answers.Where(answer => answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable)).ToList();
        Console.WriteLine($"""
            Quota: {gateways} gateway(s), {windows} windows of {Limit} in {Window.TotalSeconds:0} s{(withForeigner ? ", somebody else takes half" : "")}
              Cal.com counted    {string.Join("  ", sandbox.RateLimitWindows.Select(window => $"{window.Passed} (+{window.Refused} refused)"))}
              {Of("greedy", "GET", "/calcom/v2/me")}
              {string.Join("\n  ", Modest.Select(name => Of(name, "GET", "/calcom/v2/me")))}
              {Of("one", "POST", "/calcom/v2/schedules")}
              {Of("greedy", "GET", "/calcom/v2/event-types")} (cached)
              refused            {refused.Count}, without Retry-After {refused.Count(answer => !answer.HasRetryAfter)}
              anything else      {others.Count}: {string.Join(", ", others.GroupBy(answer => (int)answer.Status).Select(group => $"{group.Count()} of {group.Key}"))}
            """);
    }

    private static async Task LoadAsync(
        List<Uri> gateways, string consumer, string method, string path, int perMinute, ConcurrentBag<Answer> answers, CancellationToken over)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var pace = new PeriodicTimer(TimeSpan.FromMinutes(1) / perMinute, Clock);
        var asked = new List<Task>();
        for (var turn = 0; await NextAsync(pace, over); turn++)
            asked.Add(AskAsync(client, new Uri(gateways[turn % gateways.Count], path), consumer, method, path, turn, answers));
        await Task.WhenAll(asked);
    }

    private static async Task AskAsync(HttpClient client, Uri address, string consumer, string method, string path, int turn, ConcurrentBag<Answer> answers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Add("X-Api-Key", KeyOf(consumer));
        if (method == "POST")
            request.Content = new StringContent($$"""{ "name": "Hours {{turn}}", "timeZone": "Europe/Rome", "isDefault": false }""", Encoding.UTF8, "application/json");
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        answers.Add(new Answer(consumer, method, path, answer.StatusCode, answer.Headers.RetryAfter is not null, Stopwatch.GetElapsedTime(began)));
    }

    private static async Task ForeignAsync(SandboxHost sandbox, CancellationToken over)
    {
        using var client = new HttpClient { BaseAddress = sandbox.BaseAddress };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {sandbox.ApiKey}");
        using var pace = new PeriodicTimer(Window / (Limit / 2), Clock);
        while (await NextAsync(pace, over))
            (await client.GetAsync("/v2/me", CancellationToken.None)).Dispose();
    }

    private static async Task<bool> NextAsync(PeriodicTimer pace, CancellationToken over)
    {
        try
        {
            return await pace.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string KeyOf(string consumer) => $"cgw_{consumer}-{new string('0', 32)}";

    private static async Task<string> SettingsAsync()
    {
        var options = new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "yarp.json")), documentOptions: options)!;
        var consumers = new JsonObject();
        foreach (var name in Modest.Append("greedy"))
            consumers[name] = new JsonObject { ["Keys"] = new JsonArray(KeyHash.Of(KeyOf(name)).ToString()) };
        settings["CalGateway"]!["Access"] = new JsonObject { ["Mode"] = "ApiKey", ["Consumers"] = consumers };
        var file = Path.Combine(Directory.CreateTempSubdirectory("calgateway-quota-").FullName, "yarp.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        return file;
    }

    private static Dictionary<string, string?> Environment(SandboxHost sandbox, string? redis) => new(new Dictionary<string, string?>
    {
        ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
        ["CALCOM_API_KEY"] = sandbox.ApiKey,
        ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        ["Logging__LogLevel__Default"] = "Error",
        ["CalGateway__Cache__Redis"] = redis,
    }.Where(variable => variable.Value is not null));

    private sealed record Answer(string Consumer, string Method, string Path, HttpStatusCode Status, bool HasRetryAfter, TimeSpan Took);
}
