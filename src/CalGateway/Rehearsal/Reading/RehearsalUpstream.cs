using CalGateway.Journey.Callers;

namespace CalGateway.Rehearsal.Reading;

/// <summary>How a rehearsal reaches Cal.com.</summary>
/// <param name="Signature">The gateway's own credential.</param>
/// <param name="SendAsync">Sends a request and returns once the headers of the answer have come.</param>
internal sealed record RehearsalUpstream(Uri Address, Signature Signature, Func<HttpRequestMessage, CancellationToken, Task<SentRead>> SendAsync);

/// <summary>An answer, or why the request was not sent.</summary>
/// <param name="Answer">Cal.com's answer; null where the request was not sent.</param>
/// <param name="HeldBack">Why it was not sent, as a clause.</param>
internal sealed record SentRead(HttpResponseMessage? Answer, string? HeldBack);
