using CalGateway.Access;
using CalGateway.CalCom;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;

namespace CalGateway.Commands;

/// <summary>The settings with all errors and warnings that a start would find. Nothing is served or sent.</summary>
internal sealed record SettingsReview(SettingsFile File, byte[]? Content, UpstreamAddress? Upstream, Revision? Revision, IReadOnlyList<Finding> Findings)
{
    /// <summary>Why the file or CALCOM_BASE_URL cannot be read; null where both can.</summary>
    public string? Unread { get; private init; }

    public static SettingsReview Of(Launch launch)
    {
        var file = launch.SettingsFile;
        var upstream = StartupException.Try(() => launch.Upstream, out var wrongUpstream);
        List<Finding> findings = wrongUpstream is null ? [] : [Finding.Error(wrongUpstream)];

        var (content, unreadable) = file.Read();
        if (content is null)
            return new SettingsReview(file, null, upstream, null, [.. findings, Finding.Error(unreadable!)]) { Unread = unreadable };

        var parts = RevisionParts.Of(AccessInputs.OfSettingsAlone(launch.Addresses));
        var attempt = new RevisionFactory(file.Name, launch.Overlay, upstream?.Replacement, parts).Create(content);
        return new SettingsReview(file, content, upstream, attempt.Revision, [.. findings, .. attempt.Findings]) { Unread = wrongUpstream };
    }

    /// <summary>What a start says where it refuses these settings.</summary>
    public string Refusal => RevisionFactory.Refusal(File, Findings);
}
