using CalGateway.CalCom.Credentials;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>Notes of <c>check</c> that explain settings whose effect is not obvious from their names. They are no warnings.</summary>
internal static class RouteNotes
{
    private const int MaxNamed = 5;

    public static IReadOnlyList<string> Of(IEnumerable<RouteConfig> routes, ConsumerPins consumers) =>
    [
        .. from route in routes
           where ApiVersionPin.Of(route) is { TakesCallers: true }
           let pin = ApiVersionPin.Of(route)!
           select $"Route \"{route.RouteId}\" lets a caller's own cal-api-version stand where the catalogue says that Cal.com answers the operation at it; " +
               $"any other, and none, becomes {pin.Version}.",
        .. from route in routes
           where ApiVersionPin.Of(route) is not null
           from own in consumers.On(route.RouteId).GroupBy(own => own.Version)
           select $"Route \"{route.RouteId}\" is asked at {own.Key}, in place of {ApiVersionPin.Of(route)!.Version}, for {Named([.. own.Select(pin => pin.Consumer)])}.",
        .. from route in routes
           let shadow = ShadowSettings.Of(route)
           where shadow is not null
           select shadow.Percent > 0
               ? FormattableString.Invariant($"Route \"{route.RouteId}\" has {shadow.Percent} % of its successful reads asked at {shadow.Version} as well; callers get {ApiVersionPin.Of(route)!.Version}.")
               : $"Route \"{route.RouteId}\" names {shadow.Version} as Shadow, and without ShadowPercent nothing is asked at it.",
        .. from route in routes
           where CalCredentialTransformFactory.IsCallers(route)
           select $"Route \"{route.RouteId}\" sends the caller's own Authorization to Cal.com, and no credential of the gateway's; without one it answers 401.",
    ];

    private static string Named(IReadOnlyList<string> consumers) => consumers.Count <= MaxNamed
        ? Sentence.List(consumers)
        : $"{string.Join(", ", consumers.Take(MaxNamed))} and {consumers.Count - MaxNamed} more";
}
