using CalGateway.Journey.Callers;

namespace CalGateway.Catalogue;

/// <summary>What an anonymous caller would gain from an operation called with the owner's key. Judged by path and method.</summary>
internal enum Risk
{
    None,

    /// <summary>Nothing: it is open to everybody.</summary>
    Public,

    /// <summary>The owner's view of something that everybody may ask for.</summary>
    IdentityChangesResult,

    /// <summary>The owner's data and that of the people who booked.</summary>
    OwnerReadPii,

    /// <summary>A change in the owner's name.</summary>
    OwnerWrite,

    /// <summary>An e-mail, a text message or a phone call in the owner's name.</summary>
    SendsMessages,

    /// <summary>A lasting copy of the owner's data, by way of a webhook.</summary>
    Exfiltration,

    /// <summary>Keys, tokens, OAuth clients and billing.</summary>
    Credential,

    /// <summary>Administration of the organisation.</summary>
    OrgAdmin,
}
