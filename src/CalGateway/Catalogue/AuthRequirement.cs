using CalGateway.Journey.Callers;

namespace CalGateway.Catalogue;

/// <summary>What Cal.com asks of the caller of an operation.</summary>
internal enum AuthRequirement
{
    None,

    /// <summary>Answers everybody, and differently to the owner.</summary>
    Optional,

    /// <summary>A key or an access token.</summary>
    Required,

    /// <summary>A browser's session: no key opens it.</summary>
    Session,

    /// <summary>A signature over the body: no key opens it.</summary>
    Signature,
}
