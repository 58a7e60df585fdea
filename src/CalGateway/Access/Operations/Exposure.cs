namespace CalGateway.Access.Operations;

/// <summary>What a caller may do with an operation.</summary>
internal enum Exposure
{
    /// <summary>Forwarded with the credential of the caller's Cal.com account.</summary>
    Open,

    /// <summary>Forwarded without a credential: Cal.com answers everybody, and would tell the owner more than this caller may see.</summary>
    OpenUnsigned,

    /// <summary>Forwarded with the credential; what only the owner may see is removed from the answer.</summary>
    OpenFiltered,

    /// <summary>Refused with <c>not-exposed</c>: the settings do not open it.</summary>
    Closed,

    /// <summary>Only for known callers. Refused with <c>unauthenticated</c> if callers can identify themselves, otherwise with <c>not-exposed</c>.</summary>
    ForKnownCallers,

    /// <summary>Refused with <c>forbidden</c>: other consumers may use it, this one may not.</summary>
    ForOthers,
}
