namespace CalGateway.Configuration;

/// <summary>What keeps the gateway from starting, in words for whoever started it. The process ends with exit code 1 and this text.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
