using CalGateway.Catalogue;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>Selects the operations that may be sent twice: reads, except those that use up a one-time code, begin a login or issue tokens.</summary>
internal static class ShadowedOperations
{
    private static readonly string[] ExcludedEnds = ["/save", "/callback", "/connect", "/auth-url"];

    public static bool Has(Operation operation) =>
        operation.Method == "GET" && operation.Risk != Risk.Credential && !ExcludedEnds.Any(end => operation.Template.EndsWith(end, StringComparison.Ordinal));
}
