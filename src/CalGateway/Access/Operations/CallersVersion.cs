using CalGateway.Catalogue;
using CalGateway.Journey.Routes;

namespace CalGateway.Access.Operations;

/// <summary>The version that a caller asks for itself, where the catalogue says that Cal.com answers the operation at it.</summary>
internal static class CallersVersion
{
    /// <summary>Null for none, an unknown one, two, and one of another operation's. It is the catalogue's own text: nothing of the caller's is kept.</summary>
    /// <param name="headers">The caller's.</param>
    /// <param name="operation">What is asked for; null where the catalogue does not know it.</param>
    public static string? Standing(IHeaderDictionary headers, Operation? operation)
    {
        if (operation is null || !headers.TryGetValue(ApiVersionPin.Header, out var sent) || sent is not [{ } asked])
            return null;

        var answered = operation.AnswersAnyVersion ? CalComCatalogue.Default.KnownVersions : operation.Versions;
        foreach (var version in answered)
        {
            if (version == asked)
                return version;
        }

        return null;
    }
}
