using CalGateway.Catalogue.Matching;
using CalGateway.Configuration.Schema;

namespace CalGateway.Configuration.Overlay;

/// <summary>Which environment variables are meant as settings: those of the two sections, also where the section or the underscores are mistyped.</summary>
internal static class OverlaySections
{
    /// <summary>In letters. Beyond it, a name may well be another program's.</summary>
    private const int MaxMistyped = 2;

    private static readonly string[] Sections = ["ReverseProxy", "CalGateway"];

    /// <param name="key">The variable's name, with a colon for each double underscore.</param>
    public static bool AreMeantBy(string key) => IsInSection(key) || WithDoubleUnderscores(key) is not null;

    /// <summary>How a setting is written whose variable has single underscores in it, such as <c>CALGATEWAY_ACCESS_MODE</c>; null where it is none.</summary>
    /// <param name="key">The variable's name, with a colon for each double underscore.</param>
    public static string? WithDoubleUnderscores(string key)
    {
        if (!key.Contains('_', StringComparison.Ordinal))
            return null;

        var path = new List<string>();
        var schema = SettingsSchema.Root;
        foreach (var name in key.Split('_', ':'))
        {
            if (schema.Properties.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
                return null;

            path.Add(known);
            schema = schema.Properties[known];
        }

        return schema.Properties.Count == 0 ? string.Join("__", path) : null;
    }

    private static bool IsInSection(string key)
    {
        var end = key.IndexOf(':', StringComparison.Ordinal);
        return end > 0 && Sections.Any(section => EditDistance.Bounded(key.AsSpan(0, end), section, MaxMistyped) <= MaxMistyped);
    }
}
