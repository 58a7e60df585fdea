using CalGateway.Catalogue;
using CalGateway.Configuration.Schema;

namespace CalGateway.Commands;

/// <summary>The schema of the settings and the catalogue, which all verbs that validate settings need.</summary>
internal static class EmbeddedTables
{
    /// <summary>Reads them on another thread while the host is built. Later uses wait for it, and get its exception.</summary>
    public static void ReadAhead() => Task.Run(() => (SettingsSchema.Root, CalComCatalogue.Default));
}
