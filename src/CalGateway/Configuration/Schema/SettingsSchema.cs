using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>
/// <c>yarp.schema.json</c>, which editors use for completion and the gateway for validation. A setting that it does not describe is refused.
/// </summary>
internal sealed class SettingsSchema(SchemaNode root)
{
    public const string ResourceName = "CalGateway.yarp.schema.json";

    public static SettingsSchema Default { get; } = Load();

    public SchemaNode Root => root;

    public void Examine(SettingNode file, FindingList findings) => new SchemaCheck(findings).Value(file, root, null);

    private static SettingsSchema Load()
    {
        using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(ResourceName)!;
        using var document = JsonDocument.Parse(stream);
        return new SettingsSchema(SchemaNode.Read(document.RootElement));
    }
}
