using CalGateway.Access;
using CalGateway.Caching;
using CalGateway.CalCom;
using CalGateway.Configuration;
using CalGateway.Configuration.Routing;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using CalGateway.Explain;
using CalGateway.Frontend;
using CalGateway.Health;
using CalGateway.Journey;
using CalGateway.Management;
using CalGateway.Problems;
using CalGateway.Rehearsal;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Logs;

namespace CalGateway;

/// <summary>Builds the gateway: its services, and the stages of a request in order, one line each. Every stage is a folder.</summary>
internal static class GatewayHost
{
    /// <exception cref="StartupException">The settings or the credentials are refused.</exception>
    public static WebApplicationBuilder AddCalGateway(this WebApplicationBuilder builder, Launch launch, Task<FirstRevision> judged)
    {
        builder.AddTelemetry(
            forPeople: launch.Sandbox || builder.Environment.IsDevelopment(),
            logs: services => services.GetRequiredService<Revisions>().Current.Options<LogOptions>(),
            credentials: () => judged.Result.Credentials.All);
        var drain = new DrainState();
        var first = judged.GetAwaiter().GetResult(); // judged on another thread meanwhile
        builder.Services.AddRevisions(first.File, first.Factory, first.Revisions, first.Parts);
        builder.Services.AddAccess();
        builder.Services.AddEnvelope();
        builder.Services.AddFrontend(isServed: launch.Sandbox);
        builder.Services.AddDiagnosis();
        builder.Services.AddCaching();
        builder.Services.AddCalCom(launch.Credential, first.Credentials, new ForwardingTransforms());
        builder.Services.AddExplain();
        builder.Services.AddRehearsal();
        builder.Services.AddManagement(health: endpoints => endpoints.MapHealth(drain));
        builder.Services.AddHealth(drain);
        return builder;
    }

    public static WebApplication UseCalGateway(this WebApplication app)
    {
        app.UseEnvelope();   // request id, the gateway's headers, a problem for every failure
        app.UseFrontend();   // the example page, only with the sandbox
        app.UseCallers();    // who calls
        app.UseCacheFront(); // answers a repeated identical request from a prepared response
        app.UseServedRoutes(); // which route, and with it which revision
        app.UseAccess();     // may this caller make this request
        app.UseRouteTimeouts(); // how long the caller waits at most
        app.UseCaching(); // a stored answer, fresh or stale; else one fill for all waiting requests, which runs the same endpoint
        app.UseResponseCompression(); // for answers that are not stored: stored ones are compressed already
        app.RunEndpoint();
        app.MapEndpoints(endpoints =>
        {
            endpoints.MapHealth(app.Services.GetRequiredService<DrainState>());
            endpoints.MapProblemPages(ProblemWriter.WriteToAsync); // explains each problem
            endpoints.MapNoRoute();  // the 404 for a path without a route
            endpoints.MapCalCom(pipeline => pipeline.UseForwardingFailures()); // admits, then forwards, with ForwardingTransforms before and after
        });
        return app;
    }
}
