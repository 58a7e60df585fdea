using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>
/// An answer as bytes. Compressed forms are left out, because compressing again is faster than fetching them. What is read was written by a gateway, which
/// <see cref="SealedValue"/> makes sure of, but perhaps by one of another version; hence the version byte.
/// </summary>
internal static class AnswerFormat
{
    private const byte Version = 3;
    private const int MostHeaders = 256;

    /// <summary>A guess at what the headers take.</summary>
    private const int Overhead = 4096;

    public static ReadOnlySpan<byte> Write(StoredAnswer answer, DateTimeOffset storedOn)
    {
        using var buffer = new MemoryStream(answer.Body.Plain.Body.Length + Overhead);
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

    /// <summary>Null where it is not in the format that this gateway writes.</summary>
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
        var headers = new KeyValuePair<string, StringValues>[Counted(reader.ReadInt32(), MostHeaders)];
        for (var index = 0; index < headers.Length; index++)
            headers[index] = new(reader.ReadString(), reader.ReadString());

        var body = reader.ReadBytes(Counted(reader.ReadInt32(), (int)(reader.BaseStream.Length - reader.BaseStream.Position)));
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

    /// <summary>Redis evicts by the tags that an answer was stored under. An answer with other tags than the policy has now would survive an eviction.</summary>
    private static string TextOf(string[] tags) => string.Join('\n', tags).ToLowerInvariant();

    private static int Counted(int count, int most) => count >= 0 && count <= most ? count : throw new FormatException();

    /// <summary>A negative age means that a clock was set back since, and that the true age is unknown. It counts as just stale.</summary>
    private static TimeSpan Plausible(TimeSpan age, ServingWindows windows) =>
        age > TimeSpan.Zero ? age : age > -SharedAnswers.Skew ? TimeSpan.Zero : windows.Fresh;
}
