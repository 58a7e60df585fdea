using System.Text.Json;
using System.Text.Json.Serialization;

namespace CalGateway.Sandbox.Faulting;

/// <summary>
/// A fault as <c>POST /_sandbox/faults</c> takes it:
/// <code>{"kind":"status","match":{"method":"GET","path":"/v2/event-types"},"times":3,
/// "status":503,"body":"...","contentType":"...","headers":{"Retry-After":"5"}}</code>
/// Kinds: status, delay and slow-body (milliseconds; slow-body also bytes, at a time), hang, reset, reset-mid-body (chunked: true),
/// truncated, non-json, html-404, rate-limit (milliseconds: what Retry-After says), huge-body (bytes), renamed-field (field, renamedTo), malformed-json.
/// Only <c>kind</c> is needed; a path with braces is a template, else a prefix.
/// </summary>
internal sealed record FaultJson(
    string? Kind,
    FaultMatch? Match = null,
    int? Times = null,
    int? Status = null,
    string? Body = null,
    string? ContentType = null,
    Dictionary<string, string>? Headers = null,
    long? Milliseconds = null,
    long? Bytes = null,
    bool? Chunked = null,
    string? Field = null,
    string? RenamedTo = null)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The fault, or what is wrong with the body.</summary>
    public static (Fault? Fault, string? Problem) Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<FaultJson>(body, Strict) is { } json ? json.ToFault() : (null, "A fault is a JSON object.");
        }
        catch (JsonException broken)
        {
            return (null, $"Not a fault: {broken.Message}");
        }
    }

    public static byte[] Write(IEnumerable<Fault> faults) => JsonSerializer.SerializeToUtf8Bytes(faults.Select(Of), Strict);

    private static FaultJson Of(Fault fault) => new(
        NameOf(fault.Kind),
        fault.Method is null && fault.Path is null ? null : new FaultMatch(fault.Method, fault.Path),
        fault.Times,
        fault.Kind == FaultKind.Status ? fault.StatusCode : null,
        fault.Body,
        fault.ContentType,
        fault.Headers.Count == 0 ? null : new(fault.Headers),
        fault.Duration == TimeSpan.Zero ? null : (long)fault.Duration.TotalMilliseconds,
        fault.Bytes == 0 ? null : fault.Bytes,
        fault.Chunked ? true : null,
        fault.Field.Length == 0 ? null : fault.Field,
        fault.RenamedTo.Length == 0 ? null : fault.RenamedTo);

    private static string NameOf(FaultKind kind) => kind == FaultKind.Html404 ? "html-404" : JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private (Fault? Fault, string? Problem) ToFault()
    {
        var kinds = Enum.GetValues<FaultKind>();
        if (!kinds.Any(kind => NameOf(kind) == Kind))
            return (null, $"'kind' is one of {string.Join(", ", kinds.Select(NameOf))}.");
        if (Times is < 1)
            return (null, "'times' is at least 1; leave it out for every time.");
        if (Status is < 200 or > 599)
            return (null, "'status' lies between 200 and 599.");
        if (Milliseconds is < 0 or > int.MaxValue)
            return (null, "'milliseconds' lies between 0 and 2147483647.");
        if (Bytes is < 0)
            return (null, "'bytes' is not negative.");
        if (Headers?.Any(header => !IsToken(header.Key) || header.Value.Any(char.IsControl)) == true)
            return (null, "'headers' are HTTP header names with values free of control characters.");

        return (Made(kinds.First(kind => NameOf(kind) == Kind)).For(Match?.Method, Match?.Path), null);
    }

    private Fault Made(FaultKind kind)
    {
        TimeSpan? duration = Milliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        return kind switch
        {
            FaultKind.Status => Fault.Status(Status ?? 500, Times, Body, ContentType, Headers),
            FaultKind.Delay => Fault.Delay(duration ?? TimeSpan.FromSeconds(1), Times),
            FaultKind.Hang => Fault.Hang(Times),
            FaultKind.Reset => Fault.Reset(Times),
            FaultKind.ResetMidBody => Fault.ResetMidBody(Chunked == true, Times),
            FaultKind.Truncated => Fault.TruncatedBody(Times),
            FaultKind.NonJson => Fault.NonJson(Body, Times),
            FaultKind.Html404 => Fault.Html404(Body, Times),
            FaultKind.RateLimit => Fault.RateLimit(duration, Times),
            FaultKind.SlowBody => Fault.SlowBody(duration ?? TimeSpan.FromMilliseconds(100), (int)Math.Min(Bytes ?? 16, int.MaxValue), Times),
            FaultKind.RenamedField => Fault.RenameField(Field ?? "", RenamedTo ?? "", Times),
            FaultKind.HugeBody => Fault.HugeBody(Bytes ?? 64 * 1024 * 1024, Times),
            _ => Fault.MalformedJson(Times),
        };
    }

    private static bool IsToken(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}

/// <summary>Which requests a fault is for.</summary>
internal sealed record FaultMatch(string? Method = null, string? Path = null);
