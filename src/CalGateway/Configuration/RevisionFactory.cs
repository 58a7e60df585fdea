using CalGateway.Access;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using CalGateway.Catalogue;
using CalGateway.Configuration.Lint;
using CalGateway.Configuration.Rules;
using CalGateway.Configuration.Schema;
using CalGateway.Diagnosis;
using CalGateway.Diagnosis.Shape;
using CalGateway.Journey;
using CalGateway.Management;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>What became of an attempt to make a revision: one is there unless a finding is an error.</summary>
/// <param name="Fault">What was thrown where the gateway failed over the content, which a finding then says.</param>
internal sealed record RevisionAttempt(Revision? Revision, IReadOnlyList<Finding> Findings, Exception? Fault = null)
{
    public IEnumerable<Finding> Errors => Findings.Where(finding => finding.Severity == Severity.Error);
}

/// <summary>
/// Makes a revision out of the bytes of <c>yarp.json</c>, or says everything that keeps it from being one.
/// Start, reload and <c>check</c> all come through here; nothing is in force before it returns.
/// </summary>
/// <param name="file">The file's name, for findings and sources.</param>
/// <param name="overlay">Settings that override the file's, in ASP.NET's form: environment variables.</param>
/// <param name="upstream">Where Cal.com is, if not where the file says.</param>
/// <param name="ground">What access stands on besides the settings; null where the settings alone are judged.</param>
internal sealed class RevisionFactory(
    string file, IReadOnlyDictionary<string, string?> overlay, UpstreamAddress? upstream, AccessGround? ground = null)
{
    private readonly AccessGround _ground = ground ?? AccessGround.OfSettingsAlone([]);
    private readonly PinLint _pins = new(CalComCatalogue.Default);

    /// <summary>Never throws: a content that the gateway fails over is refused as one that is wrong.</summary>
    public RevisionAttempt Create(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Judge(utf8);
        }
        catch (Exception fault)
        {
            var message = $"The gateway failed to judge this content, which is a fault of its own: {RevisionRejectedException.Innermost(fault)}";
            return new RevisionAttempt(null, [Finding.Error(message)], fault);
        }
    }

    private RevisionAttempt Judge(ReadOnlySpan<byte> utf8)
    {
        var findings = new List<Finding>();
        var text = SettingsText.Parse(utf8, findings);
        if (text is null)
            return new RevisionAttempt(null, findings);

        var settings = EffectiveSettings.Of(text, file, OverlayRules.Examine(overlay, text, file, findings), upstream);
        findings.AddRange(SettingsRules.Examine(settings));

        var structural = findings.Count;

        var configuration = IndexedConfiguration.Of(settings);
        var options = OptionsBinding.Bind(configuration, findings);
        if (options is null)
            return new RevisionAttempt(null, Placed(findings, structural, text, settings));

        var (routes, clusters) = ProxyRules.Read(configuration.GetSection("ReverseProxy"), options, findings);
        findings.AddRange(ExposureGuard.Examine(options.Access.Mode, _ground.Addresses));
        findings.AddRange(ListenerRules.Examine(options.Management, _ground.Addresses));
        var access = HasErrors(findings) ? null : AccessPlanner.Create(options.Access, _ground, findings);
        var assigned = HasErrors(findings) ? [] : Lint(routes, clusters, options, findings);
        if (!HasErrors(findings))
            findings.AddRange(TrialBuild.Examine(routes, clusters));

        var placed = Placed(findings, structural, text, settings);
        return access is null || HasErrors(placed)
            ? new RevisionAttempt(null, placed)
            : new RevisionAttempt(Make(settings, options, access, routes, assigned, clusters, placed), placed);
    }

    private static bool HasErrors(List<Finding> findings) => findings.Exists(finding => finding.Severity == Severity.Error);

    /// <summary>Which route takes what is only known once every one of them can be read.</summary>
    private IReadOnlyList<RouteOperations> Lint(
        IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters, GatewayOptions options, List<Finding> findings)
    {
        var assigned = new RouteTable(routes).Assign(CalComCatalogue.Default.Operations);
        findings.AddRange(_pins.Examine(assigned, options.Pins));
        findings.AddRange(RouteLint.Examine(assigned, clusters));
        return assigned;
    }

    private static Revision Make(
        EffectiveSettings settings, GatewayOptions options, AccessPlan access, IReadOnlyList<RouteConfig> routes,
        IReadOnlyList<RouteOperations> assigned, IReadOnlyList<ClusterConfig> clusters, IReadOnlyList<Finding> warnings)
    {
        var plan = new RevisionPlan
        {
            Id = settings.Id(),
            Nobody = access.Nobody,
            CanBeKnown = access.CanBeKnown,
            Body = BodyLimit.OfAccess(access.MaxBodyBytes),
        };
        var shapes = new ShapeWatches(assigned, options.Diagnosis.Shape);
        var writes = WriteRules.From(options.Cache);
        var operations = assigned.ToDictionary(other => (object)other.Route, other => other.Operations, ReferenceEqualityComparer.Instance);
        var clustersById = clusters.ToLookup(cluster => cluster.ClusterId, StringComparer.OrdinalIgnoreCase);
        var warningsByKey = warnings.ToLookup(warning => warning.Key ?? "", StringComparer.OrdinalIgnoreCase);
        var revision = new Revision
        {
            Plan = plan,
            Settings = settings,
            Options = options,
            Access = access,
            Routes = [.. routes.Select(route => RevisionStamp.On(route, plan.Id))],
            Clusters = clusters,
            Plans = routes.ToDictionary(route => route.RouteId, PlanOf, StringComparer.OrdinalIgnoreCase),
            Pins = routes.ToDictionary(
                route => route.RouteId,
                route => PinVerdict.Of(route, operations.GetValueOrDefault(route), warningsByKey),
                StringComparer.OrdinalIgnoreCase),
            Warnings = warnings,
        };
        plan.With(revision).With(access).With(options.Logs);
        return revision;

        RoutePlan PlanOf(RouteConfig route)
        {
            var rules = new RouteAccess(route, access, clustersById[route.ClusterId ?? ""]);
            return new RoutePlan(route, plan) { Signs = rules.Signs }
                .With(rules)
                .With(CachePlan.From(route, RouteIdentity.Of(route, settings), options.Cache))
                .With(writes)
                .With(new DiagnosisPlan(CalNotFoundTransformFactory.ModeOf(route), shapes.For(route)));
        }
    }

    private static List<Finding> Placed(List<Finding> findings, int structural, SettingsText text, EffectiveSettings settings) =>
    [
        .. findings
            .Where((finding, index) => index < structural || !text.IsInDoubt(finding))
            .Select(finding => Placed(finding, text, settings))
            .OrderBy(finding => (finding.Line, finding.Column)),
    ];

    private static Finding Placed(Finding finding, SettingsText text, EffectiveSettings settings)
    {
        if (finding.Line > 0 || finding.Key is null)
            return finding;
        if (settings.VariableAt(finding.Key) is { } variable)
            return finding with { Message = $"{finding.Message} So says the {variable}, which overrides the file." };

        var place = text.PlaceOf(finding.Key);
        return finding with { Line = place.Line, Column = place.Column };
    }
}
