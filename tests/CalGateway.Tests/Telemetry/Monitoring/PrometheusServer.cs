using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Monitoring;

/// <summary>A real Prometheus that scrapes one gateway each second and evaluates the shipped alert rules.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-prometheus-");
    private readonly HttpClient _client;
    private readonly Process _process;

    private PrometheusServer(Uri scraped, int port)
    {
        var configuration = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(configuration, $"""
            global: {"{ scrape_interval: 1s, evaluation_interval: 1s }"}
            rule_files: ["{MonitoringFiles.Alerts}"]
            scrape_configs:
              - job_name: calgateway
                static_configs: [{"{"} targets: ["{scraped.Authority}"] {"}"}]
            """);
        var start = new ProcessStartInfo(InstalledProgram.PathOf("prometheus"),
        [
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", "--log.level=error",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<PrometheusServer> StartAsync(Uri scraped)
    {
        var server = new PrometheusServer(scraped, FreePort.Next());
        await Eventually.TrueAsync(server.IsReadyAsync, "prometheus is ready", TimeSpan.FromSeconds(30));
        return server;
    }

    /// <summary>The values of an instant query; none where nothing matches.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return [.. answer["data"]!["result"]!.AsArray().Select(sample => double.Parse((string)sample!["value"]![1]!, CultureInfo.InvariantCulture))];
    }

    /// <summary>The rules that could not be evaluated, and why.</summary>
    public async Task<(int Evaluated, IReadOnlyList<string> Faults)> RulesAsync()
    {
        var rules = (await AskAsync("/api/v1/rules"))["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        return (
            rules.Count(rule => (string?)rule!["health"] == "ok"),
            [.. rules.Where(rule => (string?)rule!["health"] == "err").Select(rule => $"{rule!["name"]}: {rule["lastError"]}")]);
    }

    /// <summary>The alerts that are there, pending or firing, by name.</summary>
    public async Task<IReadOnlySet<string>> AlertsAsync() =>
        (await AskAsync("/api/v1/alerts"))["data"]!["alerts"]!.AsArray().Select(alert => (string)alert!["labels"]!["alertname"]!).ToHashSet();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonNode> AskAsync(string path) => (await _client.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _client.GetAsync("/-/ready", TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
