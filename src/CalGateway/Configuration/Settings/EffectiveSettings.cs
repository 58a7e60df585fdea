using System.Collections;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Configuration.Schema;

namespace CalGateway.Configuration.Settings;

/// <summary>The file's settings with everything laid over them, in one order: what a revision is made of and named after.</summary>
internal sealed class EffectiveSettings : IReadOnlyCollection<Setting>
{
    private const string Variable = "environment variable";

    /// <summary>By key, so that whatever is below one key stands together and is found without a look at all the others.</summary>
    private readonly Setting[] _settings;

    private readonly SettingsReplacement? _replacement;

    private EffectiveSettings(IDictionary<string, Setting> settings, SettingsReplacement? replacement)
    {
        _settings = [.. settings.Values.OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)];
        _replacement = replacement;
    }

    public int Count => _settings.Length;

    /// <param name="text">The file's.</param>
    /// <param name="file">How the file is called in a source.</param>
    /// <param name="overlay">Environment variables that are settings, by key; they win.</param>
    /// <param name="replacement">It wins over both.</param>
    public static EffectiveSettings Of(
        SettingsText text, string file, IReadOnlyDictionary<string, string?> overlay, SettingsReplacement? replacement)
    {
        var effective = new Dictionary<string, Setting>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in text.Values.Where(setting => setting.Key != "$schema")) // for editors, not for us
            effective[Listed(key)] = new Setting(Listed(key), value, $"{file}:{text.PlaceOf(key).Line}");
        foreach (var (key, value) in overlay)
            effective[Listed(key)] = new Setting(Listed(key), value, $"{Variable} {key.Replace(":", "__", StringComparison.Ordinal)}");

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

    /// <summary>As <see cref="VariableOf"/>, of the setting or, where there is none, of the nearest above it of which there is something.</summary>
    public string? VariableAt(string key)
    {
        while (Find(key) is null && Below(key).IsEmpty && key.LastIndexOf(':') is > 0 and var cut)
            key = key[..cut];
        return VariableOf(key);
    }

    /// <summary>The environment variable that a setting, or all that is below it, comes from; null where the file has a say.</summary>
    public string? VariableOf(string key)
    {
        List<Setting> said = [.. Below(key)];
        if (Find(key) is { } itself)
            said.Insert(0, itself);
        return said.Count > 0 && said.TrueForAll(setting => setting.Source.StartsWith(Variable, StringComparison.Ordinal)) ? said[0].Source : null;
    }

    /// <summary>
    /// Twelve hex digits of a SHA-256: the same settings are the same revision, however they were written.
    /// </summary>
    public string Id()
    {
        var content = new StringBuilder();
        foreach (var setting in _settings)
            content.Append(setting.Key).Append('\0').Append(ReferenceEquals(setting, _replacement?.Setting) ? _replacement.Identity : setting.Value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
    }

    /// <summary>A consumer's only key needs no list in the settings, and is an item of one from here on.</summary>
    private static string Listed(string key) =>
        key.EndsWith(":Keys", StringComparison.OrdinalIgnoreCase) && key.StartsWith("CalGateway:Access:Consumers:", StringComparison.OrdinalIgnoreCase)
            && key.AsSpan().Count(':') == 4 ? key + ":0" : key;

    /// <summary>The place of the first key that is not before this one.</summary>
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
