namespace CalGateway.Catalogue;

/// <summary>What becomes of a request whose version is missing or unknown, so that Cal.com assumes the default one.</summary>
internal enum HeaderlessAnswer
{
    /// <summary>The answer that other versions get.</summary>
    Same,

    /// <summary>Success, in an older shape: the mistake that nobody notices.</summary>
    LegacyShape,

    /// <summary>404, for the default version lacks the operation.</summary>
    RouteMiss,

    Unknown,
}
