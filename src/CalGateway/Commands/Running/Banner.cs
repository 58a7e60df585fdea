using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Management.Listeners;
using CalGateway.Sandbox;
using CalGateway.Telemetry.Logs;

namespace CalGateway.Commands.Running;

/// <summary>The message at start: addresses, upstream, settings file, warnings and a first request to try.</summary>
internal static partial class Banner
{
    /// <summary>With JSON logs the banner is a log record too, so that a program can parse every line.</summary>
    public static Task ShowAsync(WebApplication app, SandboxHost? sandbox)
    {
        var text = For(app, sandbox);
        if (!app.Services.GetRequiredService<ConsoleFormat>().IsJson)
            return StandardStreams.TrySayAsync(text);

        Log.Serving(app.Logger, text);
        return Task.CompletedTask;
    }

    private static string For(WebApplication app, SandboxHost? sandbox)
    {
        var file = app.Services.GetRequiredService<SettingsFile>();
        var revision = app.Services.GetRequiredService<Revisions>().Current;
        var address = app.Urls.First();
        var upstream = sandbox is null
            ? string.Join(", ", revision.CalComAddresses)
            : $"the embedded SANDBOX at {sandbox.BaseAddress}: no real Cal.com account is involved, and its data is gone when this stops";

        var page = sandbox is null ? "" : $"\n  page       {address}/ (a first frontend: an example of a caller, only with the sandbox)";

        var metrics = app.Services.GetRequiredService<MetricsListener>().Address is { } alone ? $"\n  metrics    {alone}metrics, and nothing else there" : "";
        var warnings = string.Concat(revision.Warnings.Select(warning => $"\n  warning    {warning.Describe(file.Name)}"));
        return $"""
            CalGateway serves {string.Join(", ", app.Urls)}
              upstream   {upstream}
              settings   {file.Path} (revision {revision.Id}); edits take effect on save
              operators  {app.Services.GetRequiredService<ManagementListener>().Address?.ToString() ?? "no management listener"}{metrics}{page}{warnings}
              try        curl -i {address}/calcom/v2/event-types
            """;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Banner}")]
        public static partial void Serving(ILogger logger, string banner);
    }
}
