namespace CalGateway.Pages;

/// <summary>The style sheet and the icon that all pages of the gateway share: the files of <c>house/</c>.</summary>
internal static class HouseFiles
{
    private const string Folder = "CalGateway.Pages.house.";

    public static void MapHouseFiles(this IEndpointRouteBuilder endpoints, string prefix)
    {
        var assembly = typeof(HouseFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var name = resource[Folder.Length..];
            var file = PageFile.Embedded(assembly, resource);
            endpoints.MapRead($"{prefix}/{name}", _ => file);
        }
    }
}
