using CalGateway.Access;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Doctor;

/// <summary>What the checks start from, and what they learn from one another.</summary>
internal sealed class Examination : IDisposable
{
    private static readonly Uri Hosted = new("https://api.cal.com");

    private readonly bool _share;

    private Examination(Launch launch, bool share, SettingsFile file)
    {
        _share = share;
        Launch = launch;
        File = file;
    }

    public Launch Launch { get; }

    public SettingsFile File { get; }

    /// <summary>Everything that a start would refuse or warn of.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    private SettingsText? Text { get; init; }

    /// <summary>Null where the settings were refused.</summary>
    public Revision? Revision { get; private init; }

    /// <summary>The bare key, for a look at its form; null where there is none.</summary>
    public string? Key { get; private init; }

    /// <summary>Why there is no key.</summary>
    public string? KeyFault { get; private init; }

    public required Uri Upstream { get; init; }

    public required Probe? Probe { get; init; }

    /// <summary>Told what is being looked at, while it is; null where nobody watches.</summary>
    public Action<string>? Progress { get; set; }

    /// <summary>A connection could be made.</summary>
    public bool IsReached { get; set; }

    /// <summary>Cal.com answered for the credential.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Of the credential's account.</summary>
    public string? Username { get; set; }

    /// <summary>A list of event types in the current shape, if Cal.com gave one.</summary>
    public IReadOnlyList<EventTypeSeen>? EventTypes { get; set; }

    /// <param name="launch">As for a start.</param>
    /// <param name="share">Nothing personal is told.</param>
    /// <param name="mostRequests">As many are sent to Cal.com at most.</param>
    public static Examination Begin(Launch launch, bool share, int mostRequests = Probe.Most)
    {
        var file = launch.SettingsFile;
        var findings = new List<Finding>();
        var upstream = Read(() => launch.Upstream, out var upstreamFault);
        if (upstreamFault is not null)
            findings.Add(Finding.Error(upstreamFault));

        var (content, failure) = file.Read();
        var attempt = content is null ? null : new RevisionFactory(file.Name, launch.Overlay, upstream?.Replacement, RevisionParts.Of(AccessGround.OfSettingsAlone(launch.Addresses))).Create(content);
        findings.AddRange(attempt?.Findings ?? [Finding.Error(failure!)]);

        var key = Read(() => launch.Credential.Read(), out var keyFault);
        var address = AddressIn(attempt?.Revision) ?? upstream?.Address ?? Hosted;
        return new Examination(launch, share, file)
        {
            Findings = findings,
            Text = content is null ? null : SettingsText.Parse(content, []),
            Revision = attempt?.Revision,
            Key = key,
            KeyFault = keyFault,
            Upstream = address,
            Probe = key is null ? null : new Probe(address, new Signature(key), mostRequests, TimeProvider.System),
        };
    }

    /// <summary>The text, or what stands for it where the report is to be shared.</summary>
    public string Personal(string text, string substitute) => _share ? substitute : text;

    /// <summary>Where a setting stands: yarp.json:9:60.</summary>
    public string PlaceOf(string key) => Text?.PlaceOf(key) is { Line: > 0 } place ? $"{File.Name}:{place.Line}:{place.Column}" : File.Name;

    public bool TellsPersonal => !_share;

    public void Dispose() => Probe?.Dispose();

    private static Uri? AddressIn(Revision? revision) => revision?.Clusters
        .Where(cluster => CalComCluster.Is(cluster.ClusterId))
        .SelectMany(cluster => cluster.Destinations?.Values ?? [])
        .Select(destination => new Uri(destination.Address))
        .FirstOrDefault();

    private static T? Read<T>(Func<T> read, out string? fault)
        where T : class?
    {
        try
        {
            fault = null;
            return read();
        }
        catch (StartupException failure)
        {
            fault = failure.Message;
            return null;
        }
    }
}

/// <summary>One event type of the account's.</summary>
internal sealed record EventTypeSeen(long Id, string Title, string Slug, int Minutes, bool Hidden);
