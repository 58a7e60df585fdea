namespace CalGateway.Telemetry.Logs;

/// <summary><c>CalGateway:Logs</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>How a record is written. <c>Auto</c> (the default), <c>Text</c> or <c>Json</c>.</summary>
    public LogFormat Format { get; set; } = LogFormat.Auto;

    public AccessLogOptions Access { get; set; } = new();
}

/// <summary>How the console log is written.</summary>
internal enum LogFormat
{
    /// <summary>Text in a terminal, in development and in the sandbox; JSON where the output is redirected to a program.</summary>
    Auto,

    Text,

    Json,
}

/// <summary><c>CalGateway:Logs:Access</c>.</summary>
internal sealed class AccessLogOptions
{
    /// <summary>Whether each request is logged with one line. The default is false.</summary>
    public bool Enabled { get; set; }
}
