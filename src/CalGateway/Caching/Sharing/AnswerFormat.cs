using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Sharing;

/// <summary>
/// An answer as bytes. Compressed forms are left out: they are made again in less time than it takes to fetch them.
/// It is only ever read after <see cref="SealedValue"/> has vouched for it, so it need not be suspicious.
/// </summary>
internal static class AnswerFormat
{
    public static byte[] Write(StoredAnswer answer, DateTimeOffset storedOn)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
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
        return buffer.ToArray();
    }

    public static StoredAnswer Read(byte[] bytes, string key, CachePlan plan, TimeProvider clock)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var isEmpty = reader.ReadBoolean();
        var tag = reader.ReadString();
        var headers = new KeyValuePair<string, StringValues>[reader.ReadInt32()];
        for (var index = 0; index < headers.Length; index++)
            headers[index] = new(reader.ReadString(), reader.ReadString());

        return new StoredAnswer
        {
            Key = key,
            Tags = plan.Tags,
            Policy = plan.Policy,
            Body = Representations.Of(reader.ReadBytes(reader.ReadInt32())),
            Headers = headers,
            UpstreamTag = tag.Length > 0 ? tag : null,
            IsEmpty = isEmpty,
            StoredAt = clock.GetTimestamp() - (long)(Plausible(age, plan.WindowsOf(isEmpty)).TotalSeconds * clock.TimestampFrequency),
        };
    }

    /// <summary>What comes from the future was stored before a clock was set back: nobody knows when. It counts as just stale.</summary>
    private static TimeSpan Plausible(TimeSpan age, ServingWindows windows) =>
        age > TimeSpan.Zero ? age : age > -Skew ? TimeSpan.Zero : windows.Fresh;

    /// <summary>By how much two machines' clocks may differ without anybody's noticing.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);
}
