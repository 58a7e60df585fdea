namespace CalGateway.Pages;

/// <summary>The style sheet and the icon that all pages of the gateway share: the files of <c>house/</c>.</summary>
internal static class HouseFiles
{
    public static void MapHouseFiles(this IEndpointRouteBuilder endpoints, string prefix)
    {
        foreach (var (name, file) in PageFile.In("CalGateway.Pages.house"))
            endpoints.MapRead($"{prefix}/{name}", _ => file);
    }
}
