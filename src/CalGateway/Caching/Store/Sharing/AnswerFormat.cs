using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>
/// The format of answers in Redis. Compressed forms are left out, because compressing again is faster than reading them. <see cref="SealedValue"/> makes sure
/// that a gateway wrote what is read, but its format may be older or newer, so the first byte is the version of the format.
/// </summary>
internal static class AnswerFormat
{
    private const byte Version = 3;
    private const int MaxHeaders = 256;

    /// <summary>The initial size for the headers; the buffer grows if they take more.</summary>
    private const int HeaderBytes = 4096;

    public static ReadOnlySpan<byte> Write(StoredAnswer answer, DateTimeOffset storedOn)
    {
        using var buffer = new MemoryStream(answer.Body.Plain.Body.Length + HeaderBytes);
        using var writer = new BinaryWriter(buffer);
        writer.Write(Version);
        writer.Write(TextOf(answer.Tags));
        writer.Write(storedOn.ToUnixTimeMilliseconds());
        writer.Write(answer.IsEmpty);
        writer.Write(answer.UpstreamTag ?? "");
        writer.Write(answer.Headers.Length);
        foreach (var (name, value) in answer.Headers)
        {
            writer.Write(name);
            writer.Write(value.ToString());
        }

        writer.Write(answer.Body.Plain.Body.Length);
        writer.Write(answer.Body.Plain.Body);
        writer.Flush();
        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
    }

    /// <summary>Null if the bytes are not in the format of this gateway, or the policy has other tags now.</summary>
    public static StoredAnswer? Read(ArraySegment<byte> bytes, string key, CachePlan plan, TimeProvider clock)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count));
            return reader.ReadByte() == Version && reader.ReadString() == TextOf(plan.Tags) ? Read(reader, key, plan, clock) : null;
        }
        catch (Exception malformed) when (malformed is IOException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static StoredAnswer Read(BinaryReader reader, string key, CachePlan plan, TimeProvider clock)
    {
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var isEmpty = reader.ReadBoolean();
        var tag = reader.ReadString();
        var headers = new KeyValuePair<string, StringValues>[Checked(reader.ReadInt32(), MaxHeaders)];
        for (var index = 0; index < headers.Length; index++)
            headers[index] = new(reader.ReadString(), reader.ReadString());

        var body = reader.ReadBytes(Checked(reader.ReadInt32(), (int)(reader.BaseStream.Length - reader.BaseStream.Position)));
        return new StoredAnswer
        {
            Key = key,
            Tags = plan.Tags,
            Policy = plan.Policy,
            Body = Representations.Of(body),
            Headers = headers,
            UpstreamTag = tag.Length > 0 ? tag : null,
            IsEmpty = isEmpty,
            StoredAt = clock.GetTimestamp() - (long)(Plausible(age, plan.WindowsOf(isEmpty)).TotalSeconds * clock.TimestampFrequency),
        };
    }

    /// <summary>Redis evicts by the tags that an answer was stored with. An answer with other tags than the policy has now would not be evicted.</summary>
    private static string TextOf(string[] tags) => string.Join('\n', tags).ToLowerInvariant();

    private static int Checked(int count, int max) => count >= 0 && count <= max ? count : throw new FormatException();

    /// <summary>An age is negative if a clock was set back. The true age is then unknown, and the answer counts as just stale.</summary>
    private static TimeSpan Plausible(TimeSpan age, ServingWindows windows) =>
        age > TimeSpan.Zero ? age : age > -SharedAnswers.MaxClockSkew ? TimeSpan.Zero : windows.Fresh;
}
