using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A logger that throws for lines with certain words, to make the gateway fail where it writes them.</summary>
internal sealed class ThrowingLog(params string[] words) : ILoggerProvider, ILogger
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
