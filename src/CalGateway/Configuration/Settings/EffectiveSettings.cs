using System.Collections;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Configuration.Schema;

namespace CalGateway.Configuration.Settings;

/// <summary>The settings of the file with all overrides, sorted by key. A revision is made from them, and its id is their hash.</summary>
internal sealed class EffectiveSettings : IReadOnlyCollection<Setting>
{
    private const string Variable = "environment variable";

    /// <summary>Sorted by key, so that all settings below a key are neighbours and are found by binary search.</summary>
    private readonly Setting[] _settings;

    private readonly SettingsReplacement? _replacement;

    private EffectiveSettings(IDictionary<string, Setting> settings, SettingsReplacement? replacement)
    {
        _settings = [.. settings.Values.OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)];
        _replacement = replacement;
    }

    public int Count => _settings.Length;

    /// <param name="overlay">Environment variables that override settings of the file, by key.</param>
    /// <param name="replacement">Overrides both; null for none.</param>
    public static EffectiveSettings Of(
        SettingsText text, string file, IReadOnlyDictionary<string, string?> overlay, SettingsReplacement? replacement)
    {
        var effective = new Dictionary<string, Setting>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in text.Values.Where(setting => setting.Key != "$schema")) // only editors use $schema
            effective[Listed(key)] = new Setting(Listed(key), value, $"{file}:{text.PlaceOf(key).Line}");
        foreach (var (key, value) in overlay)
            effective[Listed(key)] = new Setting(Listed(key), value, $"{Variable} {Setting.VariableOf(key)}");

        replacement?.ApplyTo(effective);
        return new EffectiveSettings(effective, replacement);
    }

    public IEnumerator<Setting> GetEnumerator() => ((IEnumerable<Setting>)_settings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The setting of this key; null where there is none.</summary>
    public Setting? Find(string key) =>
        FirstFrom(key) is var at && at < _settings.Length && _settings[at].Key.Equals(key, StringComparison.OrdinalIgnoreCase) ? _settings[at] : null;

    /// <summary>All settings below a key, such as those of one route.</summary>
    public ReadOnlySpan<Setting> Below(string key)
    {
        var start = key + ":";
        var first = FirstFrom(start);
        var end = first;
        while (end < _settings.Length && _settings[end].Key.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            end++;
        return _settings.AsSpan(first..end);
    }

    /// <summary>The source of a setting or, for an object, of the first setting in it; null for none.</summary>
    public string? SourceOf(string key) => Find(key)?.Source ?? (Below(key) is [var first, ..] ? first.Source : null);

    /// <summary>The variable that gives a setting and all below it, or its nearest given parent; null where some of it is from the file.</summary>
    public string? VariableAt(string key)
    {
        while (Find(key) is null && Below(key).IsEmpty && key.LastIndexOf(':') is > 0 and var cut)
            key = key[..cut];

        List<Setting> given = [.. Below(key)];
        if (Find(key) is { } itself)
            given.Insert(0, itself);
        return given.Count > 0 && given.TrueForAll(setting => setting.Source.StartsWith(Variable, StringComparison.Ordinal)) ? given[0].Source : null;
    }

    /// <summary>Twelve hex digits of a SHA-256. The same settings give the same id, however the file is formatted.</summary>
    public string Id()
    {
        var content = new StringBuilder();
        foreach (var setting in _settings)
            content.Append(setting.Key).Append('\0').Append(ReferenceEquals(setting, _replacement?.Setting) ? _replacement.Identity : setting.Value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
    }

    /// <summary>Turns the key of a consumer's single key (<c>Keys</c>) into that of the first item of a list (<c>Keys:0</c>), so that both forms bind.</summary>
    private static string Listed(string key) =>
        key.EndsWith(":Keys", StringComparison.OrdinalIgnoreCase) && key.StartsWith("CalGateway:Access:Consumers:", StringComparison.OrdinalIgnoreCase)
            && key.AsSpan().Count(':') == 4 ? key + ":0" : key;

    /// <summary>The index of the first key that does not come before this one.</summary>
    private int FirstFrom(string key)
    {
        var (low, high) = (0, _settings.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (StringComparer.OrdinalIgnoreCase.Compare(_settings[middle].Key, key) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
