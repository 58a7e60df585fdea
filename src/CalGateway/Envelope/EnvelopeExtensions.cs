using CalGateway.Configuration;
using CalGateway.Envelope.Certificates;

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

    /// <summary>Presents the certificates that the host's settings name by a file, as they are on disk.</summary>
    /// <exception cref="StartupException">One of them cannot be read.</exception>
    public static void AddCertificates(this WebApplicationBuilder builder)
    {
        var files = CertificateFiles.In(builder.Configuration, builder.Environment.ContentRootPath);
        if (!files.All.Any())
            return;

        builder.WebHost.ConfigureKestrel(files.Configure);
        builder.Services.AddSingleton(files).AddHostedService<CertificateWatcher>();
    }

    public static void UseEnvelope(this WebApplication app)
    {
        app.UseMiddleware<EnvelopeMiddleware>();
        AllowedHosts.Use(app);
    }
}
