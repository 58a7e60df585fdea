using CalGateway.Catalogue;

namespace CalGateway.Access.Operations;

/// <summary>Decides what kinds of callers may do with an operation of the catalogue.</summary>
internal static class Exposures
{
    /// <summary>Lists that everybody may see, without what is hidden in them.</summary>
    private static readonly HashSet<string> EventTypeLists = new(StringComparer.Ordinal)
    {
        "/v2/event-types",
        "/v2/event-types/{username}/public",
        "/v2/teams/{teamId}/event-types",
        "/v2/organizations/{orgId}/teams/{teamId}/event-types",
    };

    /// <summary>Why an operation is closed unless the settings open it by name; null for one that is open.</summary>
    public static string? WhyClosed(Operation operation) => operation.Risk switch
    {
        Risk.Credential => "it hands out, changes or ends keys, tokens or OAuth clients of the owner's",
        Risk.Exfiltration => "it sends a lasting copy of the owner's data to an address of the caller's choice",
        Risk.OrgAdmin => "it administers the owner's organisation",
        _ => null,
    };

    public static Exposure ForAnonymous(Operation operation)
    {
        if (WhyClosed(operation) is not null)
            return Exposure.Closed;
        if (IsEventTypeList(operation))
            return Exposure.OpenFiltered;
        return operation.Auth is AuthRequirement.None or AuthRequirement.Optional ? Exposure.OpenUnsigned : Exposure.ForKnownCallers;
    }

    /// <param name="only">The only operations that the caller may use; empty for all.</param>
    /// <param name="opened">The operations that the settings open by name.</param>
    public static Exposure ForKnown(Operation operation, IReadOnlySet<Operation> only, IReadOnlySet<Operation> opened)
    {
        if (WhyClosed(operation) is not null && !opened.Contains(operation))
            return Exposure.Closed;
        return only.Count == 0 || only.Contains(operation) ? Exposure.Open : Exposure.ForOthers;
    }

    private static bool IsEventTypeList(Operation operation) => operation.Method == "GET" && EventTypeLists.Contains(operation.Template);
}
