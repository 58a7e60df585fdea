namespace CalGateway.Sandbox.Routing;

/// <summary>The values of <c>cal-api-version</c> that the hosted server knows, as a set.</summary>
[Flags]
internal enum ApiVersions
{
    None = 0,
    V2024_04_15 = 1,
    V2024_06_11 = 2,
    V2024_06_14 = 4,
    V2024_08_13 = 8,
    V2024_09_04 = 16,
    V2026_02_25 = 32,
    V2026_05_01 = 64,
    All = 127,
}
