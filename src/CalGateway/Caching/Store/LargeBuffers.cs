using System.Buffers;

namespace CalGateway.Caching.Store;

/// <summary>A pool of buffers for large bodies. .NET's shared pool would keep one of each size for each thread, together more than the whole cache.</summary>
internal static class LargeBuffers
{
    private const int MaxBufferBytes = 8 << 20;
    private const int MaxBuffersOfOneSize = 4;

    public static ArrayPool<byte> Pool { get; } = ArrayPool<byte>.Create(MaxBufferBytes, MaxBuffersOfOneSize);
}
