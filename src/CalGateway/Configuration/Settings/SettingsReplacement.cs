namespace CalGateway.Configuration.Settings;

/// <summary>One setting that replaces all settings of file and environment below a key.</summary>
/// <param name="Identity">Used for the revision's id instead of the value, which may differ at each start, such as the sandbox's port.</param>
internal sealed record SettingsReplacement(string Section, Setting Setting, string Identity)
{
    public void ApplyTo(IDictionary<string, Setting> settings)
    {
        foreach (var other in settings.Keys.Where(key => key.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase)).ToList())
            settings.Remove(other);

        settings[Setting.Key] = Setting;
    }
}
