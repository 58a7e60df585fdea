using System.Reflection;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary>A gateway whose routes have <c>"Shadow"</c> beside their pins, and what it tells of the comparisons.</summary>
internal static class ShadowScene
{
    public const string Pin = "2024-08-13";
    public const string Other = "2026-02-25";
    public const string Bookings = "/calcom/v2/bookings";
    public const string EventTypes = "/calcom/v2/event-types";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<GatewayFixture> StartAsync(VersionedUpstream upstream, string? shadow = null, string percent = "100", bool everywhere = false)
    {
        var members = shadow ?? $", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"{percent}\"";
        return GatewayFixture.StartAsync(upstream.Address, settings: Settings(members, everywhere ? members : ""));
    }

    public static string Settings(string ofBookings, string ofOthers) => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "event-types": {
                "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}" }, "OutputCachePolicy": "event-types",
                "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14"{{ofOthers}} }]
              },
              "bookings": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/bookings/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "{{Pin}}"{{ofBookings}} }] },
              "rest": { "ClusterId": "calcom", "Match": { "Path": "/calcom/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "{{Pin}}"{{ofOthers}} }] }
            },
            "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
          },
          "CalGateway": {
            "Diagnosis": { "Confirm": false }
          }
        }
        """;

    /// <summary>What <c>/status</c> tells of a route's shadow, once so many reads are counted.</summary>
    public static async Task<JsonNode> ShadowAsync(GatewayFixture gateway, string route, int counted)
    {
        JsonNode? shadow = null;
        await Eventually.TrueAsync(
            async () => Total(shadow = (await gateway.StatusAsync())["routes"]!.AsArray().Single(told => (string?)told!["route"] == route)!["shadow"]) >= counted,
            () => $"{counted} are counted: {shadow?.ToJsonString()}");
        return shadow!;
    }

    public static int Total(JsonNode? shadow) => shadow?["outcomes"]?.AsObject().Sum(outcome => (int)outcome.Value!) ?? 0;

    /// <summary>YARP does not show them.</summary>
    public static IEnumerable<object> TransformsOf(GatewayFixture gateway, string route)
    {
        Assert.True(gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetRoute(route, out var model));
        var transformer = model!.Transformer;
        return (IEnumerable<object>)transformer.GetType().GetProperty("ResponseTransforms", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(transformer)!;
    }
}
