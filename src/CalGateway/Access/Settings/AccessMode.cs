namespace CalGateway.Access.Settings;

/// <summary>How the gateway knows who calls.</summary>
internal enum AccessMode
{
    /// <summary>It does not: whoever can reach the address is the developer at this machine. Only loopback addresses may then be served.</summary>
    Loopback,

    /// <summary>By a key of ours, in <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
    ApiKey,

    /// <summary>By a token of an issuer that we trust.</summary>
    Jwt,

    /// <summary>It need not know: everybody may ask for what Cal.com shows everybody.</summary>
    Anonymous,
}
