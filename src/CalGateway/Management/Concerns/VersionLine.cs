using CalGateway.CalCom.Pins;
using CalGateway.Journey.Routes;

namespace CalGateway.Management.Concerns;

/// <summary>A setting that decides at which version a route is asked: its pin, or a consumer's own version.</summary>
/// <param name="Own">The consumer's version; null for the route's pin.</param>
/// <param name="Pin">The version compared with the catalogue; null where the route no longer exists.</param>
internal sealed record VersionLine(string Route, ConsumerPin? Own, PinVerdict? Pin)
{
    public string Subject => Own is null ? Route : $"{Route} for {Own.Consumer}";

    public string Callers => Own is null ? "callers get" : $"{Own.Consumer} gets";

    /// <param name="consumer">The consumer whose version it is; null for the route's pin.</param>
    public static VersionLine Of(GatewayFacts facts, string route, string? consumer)
    {
        var lines = AllOn(facts, route);
        return lines.FirstOrDefault(line => string.Equals(line.Own?.Consumer, consumer, StringComparison.OrdinalIgnoreCase)) ?? lines[0];
    }

    /// <summary>The route's pin, then the versions of consumers.</summary>
    public static IReadOnlyList<VersionLine> AllOn(GatewayFacts facts, string route)
    {
        var plan = facts.Revision.Plans.GetValueOrDefault(route);
        return
        [
            new VersionLine(route, null, plan?.Part<PinVerdict>()),
            .. (plan?.Part<ConsumerVerdicts>()?.All ?? []).Select(consumer => new VersionLine(route, consumer.Own, consumer.Pin)),
        ];
    }

    public string SetTo(GatewayFacts facts, string? version) => version is null
        ? $"Look at {PlaceIn(facts)}: no version is known to answer it."
        : $"In {PlaceIn(facts)} set {(Own is null ? $"CalApiVersion of {Route}" : $"the version of {Route} for {Own.Consumer}")} to \"{version}\"; it takes effect on save.";

    /// <summary>The file and, where the setting is in the file, its line.</summary>
    public string PlaceIn(GatewayFacts facts)
    {
        var config = facts.Revision.Routes.FirstOrDefault(other => other.RouteId.Equals(Route, StringComparison.OrdinalIgnoreCase));
        var key = Own?.Setting ?? (config is null ? null : ApiVersionPin.Of(config)?.KeyOn(config));
        return (key is null ? null : facts.Revision.Settings.SourceOf(key)) ?? facts.FileName;
    }
}
