using System.Text.Json.Nodes;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>Cities and their time zones, from which visitors choose theirs: a few of the server's thousands.</summary>
internal static class Timezones
{
    private static readonly (string City, string Zone, int People)[] Cities =
    [
        ("Berlin", "Europe/Berlin", 3_406_000),
        ("Kolkata", "Asia/Kolkata", 14_787_000),
        ("London", "Europe/London", 8_567_000),
        ("New York", "America/New_York", 19_040_000),
        ("São Paulo", "America/Sao_Paulo", 18_845_000),
        ("Tokyo", "Asia/Tokyo", 35_676_000),
    ];

    public static void Bind(OperationTable table) => table.Handle(
        "GET", "/v2/timezones", ApiVersions.All, _ => Answer.Ok(Json.ArrayOf(Cities.Select(place => new JsonObject
        {
            ["city"] = place.City,
            ["timezone"] = place.Zone,
            ["pop"] = place.People,
        }))));
}
