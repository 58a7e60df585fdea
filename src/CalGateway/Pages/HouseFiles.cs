namespace CalGateway.Pages;

/// <summary>The style sheet and the icon that all pages of the gateway share: the files of <c>house/</c>.</summary>
internal static class HouseFiles
{
    private const string Folder = "CalGateway.Pages.house.";

    /// <param name="endpoints">The endpoints of the listener that serves the pages.</param>
    /// <param name="prefix">The path below which the files are served.</param>
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
