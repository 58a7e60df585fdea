using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>A revision while it is validated and made.</summary>
/// <param name="findings">The findings so far; the parts add theirs.</param>
internal sealed class RevisionDraft(EffectiveSettings settings, GatewayOptions options, List<Finding> findings)
{
    private ILookup<string, ClusterConfig>? _clusters;
    private ILookup<string, Finding>? _warnings;

    public EffectiveSettings Settings => settings;

    public List<Finding> Findings => findings;

    /// <summary>The routes as YARP read them; empty where it could not.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    public IReadOnlyList<ClusterConfig> Clusters { get; init; } = [];

    /// <summary>
    /// The revision in force; null at a start. What must outlast an edit is taken over from it, so that nothing is left of a setting that was edited away. No
    /// revision may refer to the one before: all former ones would stay in memory.
    /// </summary>
    public Revision? InForce { get; init; }

    public bool HasErrors => findings.Exists(finding => finding.Severity == Severity.Error);

    /// <summary>Receives what the parts prepare for the whole revision.</summary>
    public RevisionPlan Plan => field ??= new RevisionPlan { Id = settings.Id() };

    public T Options<T>()
        where T : notnull => options.Get<T>();

    /// <summary>What an earlier part has prepared for the whole revision.</summary>
    public T Get<T>()
        where T : class => Plan.Part<T>()!;

    public ClusterConfig? ClusterOf(RouteConfig route) =>
        (_clusters ??= Clusters.ToLookup(cluster => cluster.ClusterId, StringComparer.OrdinalIgnoreCase))[route.ClusterId ?? ""].FirstOrDefault();

    /// <summary>The warnings about one setting. Only for use in <see cref="RevisionPart.PlanRoute"/>, when all findings are there.</summary>
    public IEnumerable<Finding> WarningsAt(string key) =>
        (_warnings ??= findings.ToLookup(finding => finding.Key ?? "", StringComparer.OrdinalIgnoreCase))[key];

    /// <summary>Makes the revision. There must be no errors.</summary>
    public Revision Accept(IReadOnlyList<RevisionPart> parts)
    {
        var revision = new Revision
        {
            Plan = Plan,
            Settings = settings,
            AllOptions = options,
            Routes = [.. Routes.Select(route => RevisionStamp.On(route, Plan.Id))],
            Clusters = Clusters,
            Plans = Routes.ToDictionary(route => route.RouteId, PlanOf, StringComparer.OrdinalIgnoreCase),
            Warnings = findings,
        };
        Plan.With(revision);
        return revision;

        RoutePlan PlanOf(RouteConfig route)
        {
            var plan = new RoutePlan(route, Plan);
            foreach (var part in parts)
                part.PlanRoute(route, plan, this);
            return plan;
        }
    }
}
