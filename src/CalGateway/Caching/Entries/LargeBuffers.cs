using System.Buffers;

namespace CalGateway.Caching.Entries;

/// <summary>Buffers for large bodies. .NET's shared pool keeps one of each size for every thread, which together are more than all that is stored.</summary>
internal static class LargeBuffers
{
    private const int Longest = 8 << 20;
    private const int MostOfOneSize = 4;

    public static ArrayPool<byte> Pool { get; } = ArrayPool<byte>.Create(Longest, MostOfOneSize);
}
