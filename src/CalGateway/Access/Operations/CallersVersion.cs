using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access.Operations;

/// <summary>
/// <c>"Caller": "Known"</c> beside a route's pin: the version that a caller asks for itself stands in place of the pin where the catalogue says that
/// Cal.com answers the operation at it. Everything else (none, an unknown one, two, one of another operation's) is the pin's.
/// </summary>
internal sealed class CallersVersion
{
    private readonly string _pin;

    private CallersVersion(string pin) => _pin = pin;

    /// <summary>Null for a route whose pin always stands.</summary>
    public static CallersVersion? Of(RouteConfig route) =>
        ApiVersionPin.Of(route) is { TakesCallers: true } pin ? new CallersVersion(pin.Version) : null;

    /// <summary>Null where the pin stands, and where the caller asks for the pin. It is the catalogue's own text: nothing of the caller's is kept.</summary>
    /// <param name="headers">The caller's.</param>
    /// <param name="operation">What is asked for; null where the catalogue does not know it.</param>
    public string? Standing(IHeaderDictionary headers, Operation? operation)
    {
        if (operation is null || !headers.TryGetValue(ApiVersionPin.Header, out var sent) || sent is not [{ } asked] || asked == _pin)
            return null;

        var answered = operation.AnswersAnyVersion ? CalComCatalogue.Default.KnownVersions : operation.Versions;
        foreach (var version in answered)
        {
            if (version == asked)
                return version;
        }

        return null;
    }
}
