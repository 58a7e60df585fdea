using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Routing;

/// <summary>Reads the version as the server does: exactly one of the known values; anything else means the oldest.</summary>
internal static class VersionHeader
{
    public const string Name = "cal-api-version";

    public static ApiVersions Read(StringValues header) => header.Count == 1 ? Read(header[0]) : ApiVersions.V2024_04_15;

    private static ApiVersions Read(string? value) => value switch
    {
        "2024-06-11" => ApiVersions.V2024_06_11,
        "2024-06-14" => ApiVersions.V2024_06_14,
        "2024-08-13" => ApiVersions.V2024_08_13,
        "2024-09-04" => ApiVersions.V2024_09_04,
        "2026-02-25" => ApiVersions.V2026_02_25,
        "2026-05-01" => ApiVersions.V2026_05_01,
        _ => ApiVersions.V2024_04_15,
    };
}
