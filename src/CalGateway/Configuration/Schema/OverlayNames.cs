namespace CalGateway.Configuration.Schema;

/// <summary>
/// Names that an environment variable may give and that mean something only where the rest uses them: of a cache policy, a credential, a consumer.
/// A mistyped one would be a part of its own that nothing asks for.
/// </summary>
internal static class OverlayNames
{
    private const string Consumers = "CalGateway:Access:Consumers";

    private static readonly Named[] Used =
    [
        new("CalGateway:Cache:Policies", "ReverseProxy:Routes:", ":OutputCachePolicy", ["event-types"]),
        new("CalGateway:Access:Credentials", "CalGateway:Access:", ":Credential", []),
    ];

    /// <param name="key">The variable as a setting.</param>
    /// <param name="overlay">All of them.</param>
    /// <param name="text">The file that they are laid over.</param>
    /// <param name="file">Its name.</param>
    public static Finding? Examine(string key, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        if (Used.FirstOrDefault(named => IsBelow(key, named.Below)) is { } used)
            return Examine(key, used, overlay, text, file);

        return IsBelow(key, Consumers) && NameOf(key, Consumers) is var name && !text.Has($"{Consumers}:{name}")
            && !overlay.Keys.Any(other => IsBelow(other, $"{Consumers}:{name}:Keys"))
            && SchemaWords.Nearest(name, text.NamesBelow(Consumers)) is not null
            ? Finding.Warning($"The environment variable {Variable(key)}: {file} has {SchemaWords.Nothing(name, Consumers, text.NamesBelow(Consumers))} It makes a consumer of its own, without a key.")
            : null;
    }

    private static Finding? Examine(string key, Named named, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        var name = NameOf(key, named.Below);
        var known = text.NamesBelow(named.Below).Concat(named.Always)
            .Concat(text.Values.Concat(overlay).Where(setting => named.IsUse(setting.Key)).Select(setting => setting.Value).OfType<string>())
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (known.Contains(name, StringComparer.OrdinalIgnoreCase))
            return null;

        var message = $"{file} has {SchemaWords.Nothing(name, named.Below, known)} Nothing asks for one of that name.";
        return SchemaWords.Nearest(name, known) is null
            ? Finding.Warning($"The environment variable {Variable(key)} has no effect: {message}")
            : Finding.Error($"The environment variable {Variable(key)} is refused: {message}");
    }

    private static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsBelow(string key, string section) => key.Length > section.Length && key[section.Length] == ':' && key.StartsWith(section, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string key, string section) => key[(section.Length + 1)..].Split(':')[0];

    /// <param name="Below">Where the names are given.</param>
    /// <param name="Under">Where they are used.</param>
    /// <param name="As">By which setting.</param>
    /// <param name="Always">Those that are there without being given.</param>
    private sealed record Named(string Below, string Under, string As, IReadOnlyList<string> Always)
    {
        public bool IsUse(string key) => key.StartsWith(Under, StringComparison.OrdinalIgnoreCase) && key.EndsWith(As, StringComparison.OrdinalIgnoreCase);
    }
}
