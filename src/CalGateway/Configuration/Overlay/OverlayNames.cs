using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration.Overlay;

/// <summary>
/// Checks names in environment variables that other settings refer to: of a cache policy, a credential or a consumer. A mistyped name would silently
/// define a new one that nothing refers to.
/// </summary>
internal static class OverlayNames
{
    private const string Consumers = "CalGateway:Access:Consumers";

    private static readonly Reference[] References =
    [
        new("CalGateway:Cache:Policies", "ReverseProxy:Routes:", ":OutputCachePolicy", ["event-types"]),
        new("CalGateway:Access:Credentials", "CalGateway:Access:", ":Credential", []),
    ];

    /// <param name="key">The variable's name as the key of a setting.</param>
    public static Finding? Examine(string key, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        if (References.FirstOrDefault(reference => IsBelow(key, reference.Below)) is { } reference)
            return Examine(key, reference, overlay, text, file);

        return IsBelow(key, Consumers) && NameOf(key, Consumers) is var name && !text.Has($"{Consumers}:{name}")
            && !overlay.Keys.Any(other => IsBelow(other, $"{Consumers}:{name}:Keys"))
            && SchemaMessages.Nearest(name, text.NamesBelow(Consumers)) is not null
            ? Finding.Warning($"The environment variable {Setting.VariableOf(key)}: {file} has {SchemaMessages.Nothing(name, Consumers, text.NamesBelow(Consumers))} It makes a consumer of its own, without a key.")
            : null;
    }

    private static Finding? Examine(string key, Reference reference, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        var name = NameOf(key, reference.Below);
        var known = text.NamesBelow(reference.Below).Concat(reference.BuiltIn)
            .Concat(text.Values.Concat(overlay).Where(setting => reference.IsUse(setting.Key)).Select(setting => setting.Value).OfType<string>())
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (known.Contains(name, StringComparer.OrdinalIgnoreCase))
            return null;

        var message = $"{file} has {SchemaMessages.Nothing(name, reference.Below, known)} Nothing asks for one of that name.";
        return SchemaMessages.Nearest(name, known) is null
            ? Finding.Warning($"The environment variable {Setting.VariableOf(key)} has no effect: {message}")
            : Finding.Error($"The environment variable {Setting.VariableOf(key)} is refused: {message}");
    }

    private static bool IsBelow(string key, string section) => key.Length > section.Length && key[section.Length] == ':' && key.StartsWith(section, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string key, string section) => key[(section.Length + 1)..].Split(':')[0];

    /// <summary>Where a kind of names is defined, and which settings refer to it.</summary>
    /// <param name="Below">The section that defines the names.</param>
    /// <param name="Start">How the key of a referring setting starts.</param>
    /// <param name="End">How the key of a referring setting ends.</param>
    /// <param name="BuiltIn">Names that exist without a definition.</param>
    private sealed record Reference(string Below, string Start, string End, IReadOnlyList<string> BuiltIn)
    {
        public bool IsUse(string key) => key.StartsWith(Start, StringComparison.OrdinalIgnoreCase) && key.EndsWith(End, StringComparison.OrdinalIgnoreCase);
    }
}
