using System.Collections.Frozen;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access.Operations;

/// <summary>
/// Decides at which version a request of one route is sent. The caller's own version comes first, if the route has <c>"Caller": "Known"</c> and the catalogue
/// says that Cal.com answers the operation at it; then the version that the settings give the consumer on this route; then the pin.
/// </summary>
internal sealed class VersionRule
{
    private readonly string _pin;
    private readonly bool _takesCallers;
    private readonly FrozenDictionary<string, ConsumerPin>? _consumers;

    private VersionRule(ApiVersionPin pin, IReadOnlyList<ConsumerPin> consumers)
    {
        _pin = pin.Version;
        _takesCallers = pin.TakesCallers;
        _consumers = consumers.Count == 0 ? null : consumers.ToFrozenDictionary(own => own.Consumer, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Null for a route that is always requested at its pin.</summary>
    public static VersionRule? Of(RouteConfig route, ConsumerPins consumers)
    {
        List<ConsumerPin> own = [.. consumers.On(route.RouteId)];
        return ApiVersionPin.Of(route) is { } pin && (pin.TakesCallers || own.Count > 0) ? new VersionRule(pin, own) : null;
    }

    /// <param name="operation">What is asked for; null if the catalogue does not know it.</param>
    public VersionChoice For(Caller caller, IHeaderDictionary headers, Operation? operation)
    {
        var consumer = _consumers is not null && caller.Name is { } name ? _consumers.GetValueOrDefault(name) : null;
        var without = consumer?.Version ?? _pin;
        return _takesCallers && CallersVersion(headers, operation) is { } asked && asked != without
            ? new VersionChoice(OtherThanPin(asked), IsCallers: true)
            : new VersionChoice(consumer is null ? null : OtherThanPin(without), Consumer: consumer);
    }

    /// <summary>
    /// The version that the caller's header asks for. Null if it asks for none, for several, for an unknown one, or for one that the operation does not have.
    /// What is returned is the catalogue's own string, not the caller's.
    /// </summary>
    private static string? CallersVersion(IHeaderDictionary headers, Operation? operation)
    {
        if (operation is null || !headers.TryGetValue(ApiVersionPin.Header, out var sent) || sent is not [{ } asked])
            return null;

        foreach (var version in operation.AnswersAnyVersion ? CalComCatalogue.Default.KnownVersions : operation.Versions)
        {
            if (version == asked)
                return version;
        }

        return null;
    }

    private string? OtherThanPin(string version) => version == _pin ? null : version;
}
