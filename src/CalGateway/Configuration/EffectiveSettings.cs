using System.Security.Cryptography;
using System.Text;
using CalGateway.CalCom;
using CalGateway.Configuration.Schema;

namespace CalGateway.Configuration;

/// <summary>The file's settings with everything laid over them, in one order: what a revision is made of and named after.</summary>
internal sealed class EffectiveSettings
{
    private const string Variable = "environment variable";

    private readonly SortedDictionary<string, Setting> _settings = new(StringComparer.OrdinalIgnoreCase);

    private EffectiveSettings()
    {
    }

    public IReadOnlyCollection<Setting> All => _settings.Values;

    public IEnumerable<KeyValuePair<string, string?>> Values => _settings.Values.Select(setting => KeyValuePair.Create(setting.Key, setting.Value));

    /// <param name="text">The file's.</param>
    /// <param name="file">How the file is called in a source.</param>
    /// <param name="overlay">Environment variables that are settings, by key; they win.</param>
    /// <param name="upstream">Where Cal.com is, if not where the settings say; it wins over both.</param>
    public static EffectiveSettings Of(
        SettingsText text, string file, IReadOnlyDictionary<string, string?> overlay, UpstreamAddress? upstream)
    {
        var effective = new EffectiveSettings();
        foreach (var (key, value) in text.Values.Where(setting => setting.Key != "$schema")) // for editors, not for us
            effective._settings[key] = new Setting(key, value, $"{file}:{text.PlaceOf(key).Line}");
        foreach (var (key, value) in overlay)
            effective._settings[key] = new Setting(key, value, $"{Variable} {key.Replace(":", "__", StringComparison.Ordinal)}");

        upstream?.Replace(effective._settings);
        return effective;
    }

    /// <summary>The environment variable that a setting, or all that is below it, comes from; null where the file has a say.</summary>
    public string? VariableOf(string key)
    {
        var sources = _settings.Values
            .Where(setting => setting.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase) && (setting.Key.Length == key.Length || setting.Key[key.Length] == ':'))
            .Select(setting => setting.Source)
            .ToList();
        return sources.Count > 0 && sources.TrueForAll(source => source.StartsWith(Variable, StringComparison.Ordinal)) ? sources[0] : null;
    }

    /// <summary>
    /// Twelve hex digits of a SHA-256: the same settings are the same revision, however they were written. The sandbox is the same
    /// upstream whatever port it got.
    /// </summary>
    public string Id()
    {
        var content = new StringBuilder();
        foreach (var setting in _settings.Values)
            content.Append(setting.Key).Append('\0').Append(setting.Source == UpstreamAddress.OfSandbox ? setting.Source : setting.Value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
    }
}
