using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Sharing;

/// <summary>
/// An answer as bytes. Compressed forms are left out: they are made again in less time than it takes to fetch them.
/// It is only ever read after <see cref="SealedValue"/> has vouched that a gateway wrote it, though perhaps one of another
/// version, so it says which form it has.
/// </summary>
internal static class AnswerFormat
{
    private const byte Version = 3;
    private const int MostHeaders = 256;

    /// <summary>What the headers take as a rule.</summary>
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

    /// <summary>Null where it is not of the form that this gateway writes.</summary>
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

    /// <summary>Redis finds answers by the tags that they were stored under: once these are edited, an eviction would pass it by.</summary>
    private static string TextOf(string[] tags) => string.Join('\n', tags).ToLowerInvariant();

    private static int Counted(int count, int most) => count >= 0 && count <= most ? count : throw new FormatException();

    /// <summary>What comes from the future was stored before a clock was set back: nobody knows when. It counts as just stale.</summary>
    private static TimeSpan Plausible(TimeSpan age, ServingWindows windows) =>
        age > TimeSpan.Zero ? age : age > -SharedAnswers.Skew ? TimeSpan.Zero : windows.Fresh;
}
