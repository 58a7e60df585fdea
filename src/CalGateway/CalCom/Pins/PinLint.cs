using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>
/// Compares version pins with the catalogue, and reports those that it doubts. A doubted pin takes effect all the same, unless <see cref="PinRule.Enforce"/> is
/// set and the pin is not acknowledged.
/// </summary>
internal sealed class PinLint(CalComCatalogue catalogue)
{
    private const string BesidePin = "add \"Unverified\": \"true\" beside it";

    /// <param name="rule">Whether a doubted pin is a warning or an error.</param>
    public IEnumerable<Finding> Examine(IReadOnlyList<RouteOperations> routes, ConsumerPins consumers, PinRule rule)
    {
        var severity = rule == PinRule.Enforce ? Severity.Error : Severity.Warning;
        foreach (var (route, operations) in routes)
        {
            if (ApiVersionPin.Of(route) is not { } pin)
                continue;

            var doubt = pin.Unverified ? null : WarningFor(route, pin.Version, operations);
            if (doubt is not null)
                yield return new Finding(severity, doubt, pin.KeyOn(route));
            if (!pin.Unverified && ShadowSettings.Of(route) is { } shadow && WarningFor(route, shadow.Version, operations) is { } ofShadow && ofShadow != doubt)
                yield return Finding.Warning($"Shadow of route \"{route.RouteId}\": {ofShadow}", ShadowSettings.KeyOn(route));
            foreach (var own in consumers.On(route.RouteId).Where(own => !own.Unverified && !(pin.Unverified && own.Version == pin.Version)))
            {
                if (WarningFor(route, own.Version, operations, $"write {{ \"Version\": \"{own.Version}\", \"Unverified\": true }}") is { } other && other != doubt)
                    yield return new Finding(severity, $"Consumer \"{own.Consumer}\" on route \"{route.RouteId}\": {other}", own.Setting);
            }
        }
    }

    /// <summary>Why the catalogue doubts a version; null if it does not.</summary>
    /// <param name="acknowledge">Tells an operator how to acknowledge this version.</param>
    private string? WarningFor(RouteConfig route, string version, IReadOnlyList<Operation> operations, string acknowledge = BesidePin)
    {
        var advice = catalogue.Advise(version);
        if (!advice.Known)
            return Unknown(advice, acknowledge);

        var wanted = FamilyPins.Of(operations);
        if (wanted.Select(family => family.Version).Distinct().Count() > 1)
        {
            return $"No single version serves all that route \"{route.RouteId}\" matches: " +
                $"{string.Join(", ", wanted.Select(family => $"{family.Family} wants {family.Version}"))}. Give each of them a route of its own.";
        }

        return wanted is [var only] && !only.Operations.Any(operation => operation.Answers(version))
            ? $"Cal.com has no route of {only.Family} at {version} and will answer every request with 404; the right version is {only.Version}. " +
              $"If Cal.com is ahead of this gateway's catalogue, {acknowledge}."
            : null;
    }

    private string Unknown(VersionAdvice advice, string acknowledge)
    {
        var suggestion = advice.Nearest is { } nearest ? $"; did you mean {nearest}?" : ".";
        var text = $"Cal.com does not know this version and will silently answer as {catalogue.DefaultVersion}{suggestion}";
        return advice.NewerThanCatalogue
            ? $"{text} It is newer than this gateway's catalogue of {catalogue.Date:yyyy-MM-dd}: if Cal.com has it, {acknowledge}."
            : text;
    }
}
