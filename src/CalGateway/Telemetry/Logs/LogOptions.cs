namespace CalGateway.Telemetry.Logs;

/// <summary><c>CalGateway:Logs</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>How a record is written. <c>Auto</c> (the default), <c>Text</c> or <c>Json</c>.</summary>
    public LogFormat Format { get; set; } = LogFormat.Auto;

    public AccessLogOptions Access { get; set; } = new();
}

/// <summary>What a line of the log looks like.</summary>
internal enum LogFormat
{
    /// <summary>Text in a terminal, in development and in the sandbox; JSON where a program reads along.</summary>
    Auto,

    Text,

    Json,
}

/// <summary><c>CalGateway:Logs:Access</c>: a line for each request.</summary>
internal sealed class AccessLogOptions
{
    /// <summary>Whether there is one. The default is false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Of how many requests in a hundred, 1 to 100; the default is 100. What ends with a 5xx is always told.</summary>
    public int Percent { get; set; } = 100;
}
