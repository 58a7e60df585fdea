using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.ConsumerVersions;

/// <summary>Settings in which the consumer "desk" has versions of its own.</summary>
internal static class ConsumerVersionScene
{
    public const string Pin = "2024-06-14";
    public const string Older = "2024-06-11";
    public const string Missing = "2024-08-13";
    public const string List = "/calcom/v2/event-types";
    public const string NewShape = "lengthInMinutes";
    public const string OldShape = "eventTypeGroups";

    public static readonly (string, string) Website = ("X-Api-Key", AccessSettings.Key);
    public static readonly (string, string) Desk = ("X-Api-Key", AccessSettings.OtherKey);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task InForceAsync(Pair pair, string shape, bool gone) => await Eventually.TrueAsync(
        async () =>
        {
            using var answer = await pair.GetAsync(List, Desk);
            return (await answer.Content.ReadAsStringAsync(Cancellation)).Contains(shape, StringComparison.Ordinal) != gone;
        },
        "the edit is in force");

    public static string Settings(string? desk) => Settings(access =>
    {
        if (desk is not null)
            access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = desk };
    });

    public static string Settings(Action<JsonObject> access) => AccessSettings.ApiKey(access: section =>
    {
        section["Consumers"]!["desk"] = AccessSettings.Consumer(AccessSettings.OtherKey);
        access(section);
    });

    /// <summary>A file with lines, whose consumer "desk" has these versions.</summary>
    public static string Written(string versions) => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "event-types": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }] },
              "bookings": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/bookings" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-08-13" }] },
              "unpinned": { "ClusterId": "other", "Match": { "Path": "/other/{**rest}" } }
            },
            "Clusters": {
              "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } },
              "other": { "Destinations": { "a": { "Address": "http://localhost:9" } } }
            }
          },
          "CalGateway": {
            "Access": {
              "Consumers": {
                "desk": {
                  "Versions": {
                    {{versions}}
                  }
                }
              }
            }
          }
        }
        """;

    public static int LineOf(string settings, string text) => settings[..settings.LastIndexOf(text, StringComparison.Ordinal)].Split('\n').Length;
}
