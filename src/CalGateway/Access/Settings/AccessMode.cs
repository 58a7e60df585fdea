namespace CalGateway.Access.Settings;

/// <summary>How the gateway knows who calls.</summary>
internal enum AccessMode
{
    /// <summary>Everybody who can reach the address counts as the developer at this machine. The gateway then listens on loopback addresses only.</summary>
    Loopback,

    /// <summary>By a key of the gateway, in <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
    ApiKey,

    /// <summary>By a token of an issuer that the settings trust.</summary>
    Jwt,

    /// <summary>Callers need no credential, and get only what Cal.com shows to everybody.</summary>
    Anonymous,
}
