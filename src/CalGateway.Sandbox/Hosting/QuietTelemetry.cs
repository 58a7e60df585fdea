using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CalGateway.Sandbox.Hosting;

/// <summary>
/// Gives the sandbox's server names of its own, so that the spans and metrics of a gateway in the same process,
/// which listens to ASP.NET Core's, do not count the upstream's requests as the gateway's.
/// </summary>
internal static class QuietTelemetry
{
    public const string Name = "CalGateway.Sandbox";

    public static void AddQuietTelemetry(this IServiceCollection services)
    {
        services.AddSingleton(new ActivitySource(Name));
        services.AddSingleton(new DiagnosticListener(Name));
        services.AddSingleton<DiagnosticSource>(provider => provider.GetRequiredService<DiagnosticListener>());
        services.AddSingleton<IMeterFactory, RenamingMeterFactory>();
    }

    private sealed class RenamingMeterFactory : IMeterFactory
    {
        private readonly List<Meter> meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter($"{Name}/{options.Name}", options.Version);
            lock (meters)
                meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (var meter in meters)
                meter.Dispose();
        }
    }
}
