namespace CalGateway.Envelope;

/// <summary>Request id, the gateway's headers, a problem for every failure, and compression of answers.</summary>
internal static class EnvelopeExtensions
{
    public static IServiceCollection AddEnvelope(this IServiceCollection services)
    {
        AllowedHosts.Replace(services);
        return services.AddResponseCompression(options =>
        {
            // Compression over TLS can reveal a secret that stands beside text of an attacker's choice (BREACH). Answers contain no secrets.
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/plain"];
        });
    }

    public static void UseEnvelope(this WebApplication app)
    {
        app.UseMiddleware<EnvelopeMiddleware>();
        AllowedHosts.Use(app);
    }
}
