using CalGateway.Journey.Callers;

namespace CalGateway.Rehearsal.Reading;

/// <summary>Where Cal.com is, and by what it is asked.</summary>
/// <param name="Address">The base URL.</param>
/// <param name="Signature">The gateway's own credential.</param>
/// <param name="SendAsync">Sends, and gives the answer as soon as its headers have come.</param>
internal sealed record RehearsalUpstream(Uri Address, Signature Signature, Func<HttpRequestMessage, CancellationToken, Task<SentRead>> SendAsync);

/// <summary>What became of a request.</summary>
/// <param name="Answer">Cal.com's; null where the request was held back.</param>
/// <param name="HeldBack">Why it was held back, in a clause.</param>
internal sealed record SentRead(HttpResponseMessage? Answer, string? HeldBack);
