namespace CalGateway.Access.Operations;

/// <summary>What becomes of a request for an operation.</summary>
internal enum Exposure
{
    /// <summary>Forwarded with the caller's Cal.com credential.</summary>
    Open,

    /// <summary>Forwarded without a credential: Cal.com serves everybody, and would tell the owner more.</summary>
    OpenUnsigned,

    /// <summary>Forwarded with the credential, and what only the owner should see is taken out of the answer.</summary>
    OpenFiltered,

    /// <summary>Nobody may, since nobody opened it: <c>not-exposed</c>.</summary>
    Closed,

    /// <summary>Known callers may: <c>unauthenticated</c> where one can become known, else <c>not-exposed</c>.</summary>
    ForKnownCallers,

    /// <summary>Others may, this consumer may not: <c>forbidden</c>.</summary>
    ForOthers,
}
