namespace CalGateway.Configuration;

/// <summary>The gateway cannot start. The process prints the message and ends with exit code 1.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
