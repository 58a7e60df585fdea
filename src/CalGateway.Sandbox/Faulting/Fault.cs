namespace CalGateway.Sandbox;

/// <summary>
/// Something that goes wrong for the requests it matches: all of them, unless narrowed by <see cref="For"/>, and every time,
/// unless <see cref="Times"/> says how often.
/// </summary>
public sealed record Fault
{
    private Fault(FaultKind kind, int? times)
    {
        Kind = kind;
        Times = times;
    }

    public FaultKind Kind { get; }

    /// <summary>For how many requests it happens; null for all.</summary>
    public int? Times { get; init; }

    /// <summary>Null for any method.</summary>
    public string? Method { get; init; }

    /// <summary>A prefix ("/v2/bookings") or, with braces, a template ("/v2/bookings/{uid}"); null for any path.</summary>
    public string? Path { get; init; }

    /// <summary>The status of <see cref="FaultKind.Status"/>.</summary>
    public int StatusCode { get; init; } = 500;

    /// <summary>
    /// The body of <see cref="FaultKind.Status"/>, <see cref="FaultKind.NonJson"/> and <see cref="FaultKind.Html404"/>; null for the usual one.
    /// </summary>
    public string? Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Further headers of an answer that the fault makes up itself.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How late (<see cref="FaultKind.Delay"/>), the pause between pieces (<see cref="FaultKind.SlowBody"/>),
    /// or what Retry-After says (<see cref="FaultKind.RateLimit"/>).
    /// </summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The size of <see cref="FaultKind.HugeBody"/>, or of a piece of <see cref="FaultKind.SlowBody"/>.</summary>
    public long Bytes { get; init; }

    /// <summary>The field that <see cref="FaultKind.RenamedField"/> renames, wherever it stands in the answer.</summary>
    public string Field { get; init; } = "";

    /// <summary>Its name then.</summary>
    public string RenamedTo { get; init; } = "";

    /// <summary>Whether a broken-off body was announced in chunks rather than by its length.</summary>
    public bool Chunked { get; init; }

    public static Fault Status(
        int status,
        int? times = null,
        string? body = null,
        string? contentType = null,
        IReadOnlyDictionary<string, string>? headers = null) =>
        new(FaultKind.Status, times)
        {
            StatusCode = status,
            Body = body,
            ContentType = contentType,
            Headers = headers ?? new Dictionary<string, string>(),
        };

    public static Fault Delay(TimeSpan delay, int? times = null) => new(FaultKind.Delay, times) { Duration = delay };

    public static Fault Hang(int? times = null) => new(FaultKind.Hang, times);

    public static Fault Reset(int? times = null) => new(FaultKind.Reset, times);

    public static Fault ResetMidBody(bool chunked = false, int? times = null) => new(FaultKind.ResetMidBody, times) { Chunked = chunked };

    public static Fault TruncatedBody(int? times = null) => new(FaultKind.Truncated, times);

    public static Fault NonJson(string? body = null, int? times = null) => new(FaultKind.NonJson, times) { Body = body };

    public static Fault Html404(string? body = null, int? times = null) => new(FaultKind.Html404, times) { Body = body };

    /// <summary>429 with the quota used up; Retry-After says 30 seconds unless told, and is left out when zero.</summary>
    public static Fault RateLimit(TimeSpan? retryAfter = null, int? times = null) =>
        new(FaultKind.RateLimit, times) { Duration = retryAfter ?? TimeSpan.FromSeconds(30) };

    public static Fault SlowBody(TimeSpan pause, int bytesAtATime = 16, int? times = null) =>
        new(FaultKind.SlowBody, times) { Duration = pause, Bytes = bytesAtATime };

    public static Fault HugeBody(long bytes, int? times = null) => new(FaultKind.HugeBody, times) { Bytes = bytes };

    public static Fault RenameField(string field, string renamedTo, int? times = null) => new(FaultKind.RenamedField, times) { Field = field, RenamedTo = renamedTo };

    public static Fault MalformedJson(int? times = null) => new(FaultKind.MalformedJson, times);

    /// <summary>The same fault, for this method (null for any) and path only.</summary>
    public Fault For(string? method, string? path) => this with { Method = method, Path = path };
}
