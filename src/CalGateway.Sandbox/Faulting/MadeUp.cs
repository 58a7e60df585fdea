using System.Globalization;
using System.Text;
using CalGateway.Sandbox.Edge;
using CalGateway.Sandbox.Serving;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Sandbox.Faulting;

/// <summary>The answers that a fault sends instead of the right one.</summary>
internal static class MadeUp
{
    public static Outgoing Status(Fault fault, CalComRequest request, DateTimeOffset now)
    {
        var answer = fault.Body is { } body
            ? new Outgoing(fault.StatusCode, new Payload(Encoding.UTF8.GetBytes(body)), fault.ContentType ?? "application/json; charset=utf-8")
            : Envelope(Answer.Refuse(fault.StatusCode, ReasonPhrases.GetReasonPhrase(fault.StatusCode)), request, now);
        answer.Headers.AddRange(fault.Headers.Select(header => new KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>(header.Key, header.Value)));
        return answer;
    }

    public static Outgoing Html(int status, Fault fault) => Outgoing.Html(
        status,
        fault.Body ?? $"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{ReasonPhrases.GetReasonPhrase(status)}</h1></body></html>");

    public static Outgoing RateLimit(Fault fault, CalComRequest request, DateTimeOffset now)
    {
        var answer = Envelope(RateLimiter.TooMany(), request, now);
        answer.Headers.AddRange(RateLimiter.Headers(120, 0, fault.Duration));
        if (fault.Duration > TimeSpan.Zero)
            answer.Headers.Add(new("Retry-After", Math.Ceiling(fault.Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        return answer;
    }

    /// <summary>The first two thirds of an answer, with their own Content-Length.</summary>
    public static Outgoing CutShort(Outgoing answer) =>
        answer with { Payload = new Payload(answer.Payload.Bytes[..(answer.Payload.Bytes.Length * 2 / 3)]) };

    /// <summary>An answer with one of its fields under another name.</summary>
    public static Outgoing Renamed(Fault fault, Outgoing answer) => answer with
    {
        Payload = new Payload(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer.Payload.Bytes).Replace($"\"{fault.Field}\":", $"\"{fault.RenamedTo}\":", StringComparison.Ordinal))),
    };

    /// <summary>Valid JSON of about the given size, piece by piece.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> HugeJson(long bytes)
    {
        var (start, end) = ("{\"status\":\"success\",\"data\":\""u8.ToArray(), "\"}"u8.ToArray());
        var filling = new byte[64 * 1024];
        Array.Fill(filling, (byte)'x');

        yield return start;
        for (var left = bytes - start.Length - end.Length; left > 0; left -= filling.Length)
            yield return filling.AsMemory(0, (int)Math.Min(left, filling.Length));
        yield return end;
    }

    private static Outgoing Envelope(Answer answer, CalComRequest request, DateTimeOffset now) =>
        new(answer.Status, answer.Sign(request.Url, now).Payload);
}
