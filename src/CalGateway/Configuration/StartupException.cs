namespace CalGateway.Configuration;

/// <summary>Keeps the gateway from starting. The process prints the message and ends with exit code 1.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
