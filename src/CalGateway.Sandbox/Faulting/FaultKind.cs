namespace CalGateway.Sandbox;

/// <summary>How an answer goes wrong. In JSON the names are written with hyphens: "reset-mid-body".</summary>
public enum FaultKind
{
    /// <summary>Another status, with a body of one's own or the real error envelope.</summary>
    Status,

    /// <summary>The right answer, late.</summary>
    Delay,

    /// <summary>No answer until the caller gives up or the faults are cleared; then the right one.</summary>
    Hang,

    /// <summary>A TCP reset before the first byte; the request has had no effect.</summary>
    Reset,

    /// <summary>Headers and half of the right answer, then a TCP reset; the request has had its effect.</summary>
    ResetMidBody,

    /// <summary>More bytes promised than sent, then a clean close; the request has had its effect.</summary>
    Truncated,

    /// <summary>200 with HTML, as a captive portal or a login page would.</summary>
    NonJson,

    /// <summary>404 with HTML, as another host or an edge would.</summary>
    Html404,

    /// <summary>429, as if the quota were used up.</summary>
    RateLimit,

    /// <summary>The right answer, a few bytes at a time.</summary>
    SlowBody,

    /// <summary>200 with valid JSON of the given size.</summary>
    HugeBody,

    /// <summary>The right answer, with a field of another name, as after a change of Cal.com's own.</summary>
    RenamedField,

    /// <summary>200 with the right answer cut in the middle of the JSON, all else in order.</summary>
    MalformedJson,
}
