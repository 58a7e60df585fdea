using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.ExistingClients;

/// <summary>What the README says to add to the routes of yarp.json, added to the shipped ones.</summary>
internal static partial class Recipes
{
    /// <summary>For clients that keep only the host.</summary>
    public static string HostOnly => With(Routes(0));

    private static string With(JsonObject routes)
    {
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
        foreach (var (name, route) in routes)
            settings["ReverseProxy"]!["Routes"]!.AsObject().Add(name, route!.DeepClone());
        return settings.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonObject Routes(int block)
    {
        var section = Section().Match(Checkout.Readme);
        Assert.True(section.Success, "The README has no section about existing clients.");
        return JsonNode.Parse($"{{{Block().Matches(section.Value)[block].Groups[1].Value}}}")!.AsObject();
    }

    [GeneratedRegex(@"^## Existing clients\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
