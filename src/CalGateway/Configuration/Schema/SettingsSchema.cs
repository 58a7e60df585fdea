using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary><c>yarp.schema.json</c>, which editors use for completion and the gateway for validation. A setting that it does not describe is refused.</summary>
internal static class SettingsSchema
{
    public const string ResourceName = "CalGateway.yarp.schema.json";

    public static SchemaNode Root { get; } = Load();

    private static SchemaNode Load()
    {
        using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(ResourceName)!;
        using var document = JsonDocument.Parse(stream);
        return SchemaNode.Read(document.RootElement);
    }
}
