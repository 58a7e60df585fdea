namespace CalGateway.Pages;

/// <summary>What all pages of the gateway share, colours, type and icon: the files of <c>house/</c>, embedded as they are written.</summary>
internal static class HouseFiles
{
    private const string Folder = "CalGateway.Pages.house.";

    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <param name="endpoints">Of the listener that serves pages.</param>
    /// <param name="prefix">The path that they stand below.</param>
    public static void MapHouseFiles(this IEndpointRouteBuilder endpoints, string prefix)
    {
        var assembly = typeof(HouseFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var name = resource[Folder.Length..];
            var file = PageFile.Read(name, assembly.GetManifestResourceStream(resource)!);
            endpoints.MapMethods($"{prefix}/{name}", Methods, () => file);
        }
    }
}
