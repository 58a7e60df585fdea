namespace CalGateway.Catalogue;

/// <summary>What an anonymous caller could do or read with an operation that is called with the owner's key. Judged by path and method.</summary>
internal enum Risk
{
    None,

    /// <summary>Nothing, because Cal.com lets everybody call it.</summary>
    Public,

    /// <summary>Cal.com lets everybody call it, but shows the owner more.</summary>
    IdentityChangesResult,

    /// <summary>Reads the owner's data and that of the people who booked.</summary>
    OwnerReadPii,

    OwnerWrite,

    /// <summary>Sends an e-mail or text message, or makes a phone call, in the owner's name.</summary>
    SendsMessages,

    /// <summary>Sends the owner's data to an address of the caller's choice from then on, as a webhook does.</summary>
    Exfiltration,

    /// <summary>Concerns keys, tokens, OAuth clients or billing.</summary>
    Credential,

    OrgAdmin,
}
