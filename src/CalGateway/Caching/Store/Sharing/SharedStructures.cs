using System.Security.Cryptography;
using System.Text;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Diagnosis.Drift;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>
/// What gateways have learned of the structure of answers, in Redis beside the answers: under hashed names, and sealed with the credential as these are.
/// Without a Redis each gateway learns by itself.
/// </summary>
internal sealed class SharedStructures(RedisHealth redis, RedisConnections connections, Credential credential) : ISharedStructures
{
    public const string Prefix = "structure-";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Longer than for stored answers, because no request waits.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public async Task<byte[]?> FindAsync(string name) =>
        redis.IsUp && await redis.ReadAsync(NameOf(name)) is { } value && SealedValue.Open(value, name, credential.Current) is { } plain ? plain.ToArray() : null;

    public async Task PutAsync(string name, byte[] learned)
    {
        if (redis.IsUp)
            await redis.TryAsync(async () => await connections.Store.SetAsync(NameOf(name), SealedValue.Seal(learned, name, credential.Current), null, Lifetime, CancellationToken.None), Timeout);
    }

    /// <summary>A hash, so that no route and no path can be read in Redis.</summary>
    private static string NameOf(string name) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
