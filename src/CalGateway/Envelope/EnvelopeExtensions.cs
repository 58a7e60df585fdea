namespace CalGateway.Envelope;

/// <summary>Request id, the gateway's headers, problems for whatever goes wrong, compression at our edge.</summary>
internal static class EnvelopeExtensions
{
    public static IServiceCollection AddEnvelope(this IServiceCollection services)
    {
        AllowedHosts.Replace(services);
        return services.AddResponseCompression(options =>
        {
            // What compression can reveal over TLS is a secret beside text that an attacker chooses; our answers hold no secret.
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
