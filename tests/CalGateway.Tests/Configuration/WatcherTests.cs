using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Configuration;

/// <summary>A watcher whose look throws goes on watching.</summary>
public sealed class WatcherTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    /// <summary>The log's own failure is one that may come from anywhere in a look.</summary>
    [Fact]
    public async Task Whatever_is_thrown_over_an_edit_is_logged_and_counted_and_the_next_edit_is_seen()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, adjust: builder => builder.Logging.AddProvider(new Thrower("yarp.json was edited", "was refused")));
        using var meters = new MeterRecorder(gateway);
        using var caller = gateway.CreateClient();

        foreach (var pin in new[] { "2024-06-11", "not a version!", "2024-04-15", "2024-06-14" })
        {
            gateway.Edit(_ => GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal));
            if (pin[0] == '2')
                await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == pin, $"{pin} is in force", Promised);
            else
                await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is not null, "the bad edit is refused", Promised);
        }

        Assert.Equal(4, meters.Sum("calgateway.watch.failures watch=settings"));
        Assert.Contains(gateway.Logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("A look at settings failed", StringComparison.Ordinal));
    }

    private static async Task<string?> SentVersionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        return answer.Headers.TryGetValues("CalGateway-Api-Version", out var versions) ? versions.Single() : null;
    }

    private sealed class Thrower(params string[] words) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is null && words.Any(word => formatter(state, exception).Contains(word, StringComparison.Ordinal)))
                throw new InvalidOperationException("The log is out of order.");
        }

        public void Dispose()
        {
        }
    }
}
