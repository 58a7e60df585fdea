using CalGateway.Catalogue;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>Which operations may be asked once more: reads, less those that use up a one-time code, begin a sign-in or hand out tokens.</summary>
internal static class ShadowedOperations
{
    private static readonly string[] OnceOnly = ["/save", "/callback", "/connect", "/auth-url"];

    public static bool Has(Operation operation) =>
        operation.Method == "GET" && operation.Risk != Risk.Credential && !OnceOnly.Any(end => operation.Template.EndsWith(end, StringComparison.Ordinal));
}
