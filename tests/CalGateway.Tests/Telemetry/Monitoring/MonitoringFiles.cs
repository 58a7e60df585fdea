using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Monitoring;

/// <summary>What is shipped for Prometheus and Grafana, in src/Monitoring.</summary>
internal static class MonitoringFiles
{
    public static string Alerts => PathOf("alerts.yaml");

    public static string AlertTests => PathOf("alerts.test.yaml");

    public static string Dashboard => PathOf("dashboard.json");

    /// <summary>The dashboard's queries by their panel, with Grafana's own variables filled in.</summary>
    public static IReadOnlyList<(string Panel, string Query)> Queries =>
    [
        .. from panel in JsonNode.Parse(File.ReadAllText(Dashboard))!["panels"]!.AsArray()
           where (string?)panel!["type"] != "row"
           from target in panel!["targets"]!.AsArray()
           select ((string)panel["title"]!, FilledIn((string)target!["expr"]!)),
    ];

    private static string FilledIn(string query) =>
        query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$route", ".*", StringComparison.Ordinal);

    private static string PathOf(string name) => Path.Combine(Checkout.Root, "src", "Monitoring", name);
}
