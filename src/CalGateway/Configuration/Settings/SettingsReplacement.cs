namespace CalGateway.Configuration.Settings;

/// <summary>One setting that takes the place of all that file and environment say below a key.</summary>
/// <param name="Section">The key.</param>
/// <param name="Setting">The only one below it from then on.</param>
/// <param name="Identity">What counts in the revision's id in place of the value, which may differ from start to start.</param>
internal sealed record SettingsReplacement(string Section, Setting Setting, string Identity)
{
    public void ApplyTo(IDictionary<string, Setting> settings)
    {
        foreach (var other in settings.Keys.Where(key => key.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase)).ToList())
            settings.Remove(other);

        settings[Setting.Key] = Setting;
    }
}
