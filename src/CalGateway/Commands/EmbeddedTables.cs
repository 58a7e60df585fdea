using CalGateway.Catalogue;
using CalGateway.Configuration.Schema;

namespace CalGateway.Commands;

/// <summary>The tables in the executable that every verb which judges settings needs.</summary>
internal static class EmbeddedTables
{
    /// <summary>Reads them on another processor while the host is built. Whoever needs one earlier waits for it, and is told of an error.</summary>
    public static void ReadAhead() => Task.Run(() => (SettingsSchema.Default, CalComCatalogue.Default));
}
