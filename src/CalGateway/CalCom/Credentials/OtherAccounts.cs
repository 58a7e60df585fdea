using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>The Cal.com accounts besides the gateway's own that a revision uses, by their names in the settings. Part of the revision's plan.</summary>
internal sealed record OtherAccounts(IReadOnlyDictionary<string, Credential> ByName);
