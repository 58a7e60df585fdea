using System.Buffers;

namespace CalGateway.Caching.Store;

/// <summary>Pools buffers for large bodies. .NET's shared pool keeps one of each size per thread, together more than all that is stored.</summary>
internal static class LargeBuffers
{
    private const int Longest = 8 << 20;
    private const int MostOfOneSize = 4;

    public static ArrayPool<byte> Pool { get; } = ArrayPool<byte>.Create(Longest, MostOfOneSize);
}
