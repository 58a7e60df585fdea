using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;

namespace CalGateway.Doctor;

/// <summary>What the checks start from, and what earlier checks found out for later ones.</summary>
internal sealed class DoctorContext : IDisposable
{
    /// <summary>The report is to be shared: it must not contain names, paths or event types of the user.</summary>
    public required bool IsShared { get; init; }

    public required SettingsFile File { get; init; }

    /// <summary>Null where the file cannot be read.</summary>
    public required SettingsText? Text { get; init; }

    /// <summary>Everything that a start would refuse or warn of.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Null where the settings were refused.</summary>
    public required Revision? Revision { get; init; }

    /// <summary>Where a gateway with these settings serves its callers.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Null or empty where there is no management listener.</summary>
    public required string? ManagementUrl { get; init; }

    /// <summary>The bare API key; null where there is none.</summary>
    public required string? Key { get; init; }

    public required string? KeyFailure { get; init; }

    public required Uri Upstream { get; init; }

    /// <summary>Null where there is no key to send.</summary>
    public required Probe? Probe { get; init; }

    /// <summary>Called with the name of the step that is running; null where nobody watches.</summary>
    public Action<string>? Progress { get; set; }

    public bool IsReached { get; set; }

    public bool IsAccepted { get; set; }

    public string? Username { get; set; }

    /// <summary>The account's event types; null where Cal.com gave no list in the current shape.</summary>
    public IReadOnlyList<EventTypeSeen>? EventTypes { get; set; }

    /// <summary>The text, or its substitute in a report that is to be shared.</summary>
    public string Personal(string text, string substitute) => IsShared ? substitute : text;

    /// <summary>The location of a setting, as in <c>yarp.json:9:60</c>.</summary>
    public string PlaceOf(string key) => Text?.PlaceOf(key) is { Line: > 0 } place ? $"{File.Name}:{place.Line}:{place.Column}" : File.Name;

    public void Dispose() => Probe?.Dispose();
}

/// <summary>One event type of the account.</summary>
internal sealed record EventTypeSeen(long Id, string Title, string Slug, int Minutes, bool Hidden);
