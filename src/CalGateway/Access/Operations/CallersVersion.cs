using CalGateway.Catalogue;
using CalGateway.Journey.Routes;

namespace CalGateway.Access.Operations;

/// <summary>The version that a caller asks for itself, if the catalogue says that Cal.com answers the operation at it.</summary>
internal static class CallersVersion
{
    /// <summary>
    /// Null if the caller asks for no version, for several, for an unknown one, or for one of another operation. The text is the catalogue's, so that nothing the
    /// caller sent is kept.
    /// </summary>
    /// <param name="headers">The headers of the caller's request.</param>
    /// <param name="operation">What is asked for; null if the catalogue does not know it.</param>
    public static string? Accepted(IHeaderDictionary headers, Operation? operation)
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
