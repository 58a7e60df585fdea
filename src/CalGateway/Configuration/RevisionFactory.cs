using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>What became of an attempt to make a revision: one is there unless a finding is an error.</summary>
internal sealed record RevisionAttempt(Revision? Revision, IReadOnlyList<Finding> Findings)
{
    public IEnumerable<Finding> Errors => Findings.Where(finding => finding.Severity == Severity.Error);
}

/// <summary>
/// Makes a revision out of the bytes of <c>yarp.json</c>, or says everything that keeps it from being one.
/// Start, reload and <c>check</c> all come through here; nothing is in force before it returns.
/// </summary>
/// <param name="overlay">Settings that override the file's, in ASP.NET's form: environment variables.</param>
/// <param name="upstream">Where Cal.com is, if not where the file says.</param>
internal sealed class RevisionFactory(IReadOnlyDictionary<string, string?> overlay, UpstreamAddress? upstream)
{
    public RevisionAttempt Create(ReadOnlySpan<byte> utf8)
    {
        var findings = new List<Finding>();
        var text = SettingsText.Parse(utf8, findings);
        if (text is null)
            return new RevisionAttempt(null, findings);

        var settings = Effective(text);
        findings.AddRange(SettingsRules.Examine(settings));

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var options = Bind(configuration, findings);
        var (routes, clusters) = ProxyRules.Read(configuration.GetSection("ReverseProxy"), options, findings);

        var placed = findings.Select(finding => Placed(finding, text)).ToList();
        if (placed.Exists(finding => finding.Severity == Severity.Error))
            return new RevisionAttempt(null, placed);

        var id = IdOf(settings);
        var stamped = routes.Select(route => RevisionStamp.On(route, id)).ToList();
        var writes = WriteRules.From(options.Cache);
        var plans = routes.ToDictionary(
            route => route.RouteId, route => RoutePlan.From(route, id, settings, options.Cache, writes), StringComparer.OrdinalIgnoreCase);
        return new RevisionAttempt(new Revision(id, stamped, clusters, plans, placed), placed);
    }

    private SortedDictionary<string, string?> Effective(SettingsText text)
    {
        var settings = new SortedDictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in text.Values.Concat(overlay))
            settings[key] = value;

        upstream?.Replace(settings);
        return settings;
    }

    private static GatewayOptions Bind(IConfiguration configuration, List<Finding> findings)
    {
        var options = new GatewayOptions();
        try
        {
            configuration.GetSection(GatewayOptions.Section).Bind(options);
            findings.AddRange(options.Cache.Validate());
        }
        catch (InvalidOperationException failure)
        {
            findings.Add(Finding.Error(failure.Message, GatewayOptions.Section));
        }

        return options;
    }

    private static string IdOf(SortedDictionary<string, string?> settings)
    {
        var content = new StringBuilder();
        foreach (var (key, value) in settings)
            content.Append(key).Append('\0').Append(value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
    }

    private static Finding Placed(Finding finding, SettingsText text)
    {
        if (finding.Line > 0 || finding.Key is null)
            return finding;

        var place = text.PlaceOf(finding.Key);
        return finding with { Line = place.Line, Column = place.Column };
    }
}
