using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.ExistingClients;

/// <summary>What the clients' documentation says to put into yarp.json.</summary>
internal static class Recipes
{
    /// <summary>The shipped settings and, beside their routes, those for clients that keep only the host.</summary>
    public static string HostOnly
    {
        get
        {
            var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
            foreach (var (name, route) in BlockWith("\"v2-rest\""))
                settings["ReverseProxy"]!["Routes"]!.AsObject().Add(name, route!.DeepClone());
            return settings.ToJsonString(new() { WriteIndented = true });
        }
    }

    /// <summary>What a consumer may use whose key stands in a page with Cal.com's components.</summary>
    public static JsonNode OperationsOfThePage => BlockWith("\"Operations\"")["Operations"]!.DeepClone();

    /// <summary>The section for strangers on a public site.</summary>
    public static JsonObject Strangers => BlockWith("\"Anonymous\"")["CalGateway"]!["Access"]!.DeepClone().AsObject();

    private static JsonObject BlockWith(string text)
    {
        var blocks = Regex.Matches(Checkout.ClientsDocumentation, @"^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(block => block.Groups[1].Value).Where(block => block.Contains(text, StringComparison.Ordinal)).ToList();
        return JsonNode.Parse($"{{{Assert.Single(blocks)}}}")!.AsObject();
    }
}
