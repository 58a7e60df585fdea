namespace CalGateway.Envelope;

/// <summary>Request id, the gateway's headers, and problems for whatever goes wrong.</summary>
internal static class EnvelopeExtensions
{
    public static void UseEnvelope(this WebApplication app) => app.UseMiddleware<EnvelopeMiddleware>();
}
