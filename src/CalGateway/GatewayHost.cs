using CalGateway.Access;
using CalGateway.Caching;
using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Configuration.Routing;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using CalGateway.Explain;
using CalGateway.Frontend;
using CalGateway.Health;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Management;
using CalGateway.Management.Tokens;
using CalGateway.Problems;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Logs;

namespace CalGateway;

/// <summary>The table of contents: a request's journey, a line a stage, each stage a folder.</summary>
internal static class GatewayHost
{
    public static WebApplicationBuilder AddCalGateway(this WebApplicationBuilder builder, Launch launch)
    {
        var credentials = CredentialBook.Of(new Credential(launch.Credential.Read()), launch.Environment);
        builder.AddTelemetry(
            forPeople: launch.Sandbox || builder.Environment.IsDevelopment(),
            logs: services => services.GetRequiredService<Revisions>().Current.Options<LogOptions>(),
            credentials: () => credentials.All);
        var ground = new AccessGround(launch.Addresses, credentials);
        var parts = RevisionParts.Of(ground, new TokenFiles());
        var file = launch.SettingsFile;
        builder.Services.AddRevisions(file, new RevisionFactory(file.Name, launch.Overlay, launch.Upstream?.Replacement, parts), parts);
        builder.Services.AddAccess(ground);
        builder.Services.AddEnvelope();
        builder.Services.AddFrontend(isServed: launch.Sandbox);
        builder.Services.AddDiagnosis();
        builder.Services.AddCaching();
        builder.Services.AddCalCom(launch.Credential, credentials, new ForwardingTransforms());
        builder.Services.AddExplain();
        builder.Services.AddManagement(health: endpoints => endpoints.MapHealth());
        return builder;
    }

    public static WebApplication UseCalGateway(this WebApplication app)
    {
        app.UseEnvelope();   // a request id, our headers, problems for whatever goes wrong
        app.UseFrontend();   // the example of a caller, only beside the sandbox
        app.UseCallers();    // who calls
        app.UseCacheFront(); // was it asked a moment ago, in the same words
        app.UseServedRoutes(); // which route, and with it which revision
        app.UseAccess();     // may this caller ask this
        app.UseRouteTimeouts(); // how long its caller waits at most
        app.UseCaching(fill => fill.RunEndpoint()); // is there an answer, fresh or stale; else one fill for all who wait: a second journey, from here to the same endpoint
        app.UseResponseCompression(); // what is stored has its encodings already
        app.RunEndpoint();
        app.MapEndpoints(endpoints =>
        {
            endpoints.MapHealth();
            endpoints.MapProblemPages(ProblemWriter.WriteToAsync); // what a problem means
            endpoints.MapNoRoute();  // what matches no route
            endpoints.MapCalCom(pipeline => pipeline.UseForwardingFailures()); // ForwardingTransforms -> forward -> ForwardingTransforms
        });
        return app;
    }
}
