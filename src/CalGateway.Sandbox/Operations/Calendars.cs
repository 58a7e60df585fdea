using System.Text.Json.Nodes;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>The calendars of an account that has connected none.</summary>
internal static class Calendars
{
    public static void Bind(OperationTable table) => table.Handle(
        "GET", "/v2/calendars", ApiVersions.All, _ => Answer.Ok(new JsonObject { ["connectedCalendars"] = new JsonArray(), ["destinationCalendar"] = null }));
}
