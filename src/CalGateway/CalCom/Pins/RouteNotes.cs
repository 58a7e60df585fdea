using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>What a route's settings mean where that is not plain from their names. Nothing is wrong with them.</summary>
internal static class RouteNotes
{
    public static IReadOnlyList<string> Of(IEnumerable<RouteConfig> routes) =>
    [
        .. from route in routes
           where ApiVersionPin.Of(route) is { TakesCallers: true }
           let pin = ApiVersionPin.Of(route)!
           select $"Route \"{route.RouteId}\" lets a caller's own cal-api-version stand where the catalogue says that Cal.com answers the operation at it; " +
               $"any other, and none, becomes {pin.Version}.",
        .. from route in routes
           where CalCredentialTransformFactory.IsCallers(route)
           select $"Route \"{route.RouteId}\" sends the caller's own Authorization to Cal.com, and no credential of the gateway's; without one it answers 401.",
    ];
}
