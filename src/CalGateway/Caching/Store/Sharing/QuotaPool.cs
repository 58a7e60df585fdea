using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.CalCom.Quota.Sharing;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>
/// The quota that gateways share, in Redis: for each key a hash with the end of its window, how many requests were taken and by how many gateways, and what each
/// gateway reports of its consumers. All times are by Redis's clock. A value that is not of this form is deleted.
/// </summary>
internal sealed class QuotaPool(RedisConnections connections, RedisHealth redis) : IQuotaPool
{
    /// <summary>Two ends that are at most 2,000 ms apart are taken for the same window, because gateways know the end by their own answers; the next window ends later than that.</summary>
    private const string Script =
        """
        local kind = redis.call('TYPE', KEYS[1])['ok']
        if kind ~= 'none' and kind ~= 'hash' then redis.call('DEL', KEYS[1]) end
        local function field(name) return tonumber(redis.call('HGET', KEYS[1], name) or '') end
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local wanted, kept, limit, window = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
        local told, inFlight, counted = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
        local ends, used, foreign = field('ends'), field('used'), field('foreign') or 0
        if ends == nil or used == nil or used < 0 or used > 1000000 or foreign < 0 or ends > now + 2 * window + 2000 then ends = 0 end
        if told ~= nil and now + told < ends and ends - now - told <= 2000 then ends = now + told end
        if ends <= now then
            local before = field('gateways') or 0
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'before', before)
            used, foreign = 0, 0
            if told ~= nil and told > 0 then ends = now + told else ends = now + window + 1000 end
        end
        if redis.call('HEXISTS', KEYS[1], 'g:' .. ARGV[1]) == 0 then
            redis.call('HSET', KEYS[1], 'g:' .. ARGV[1], 1)
            redis.call('HINCRBY', KEYS[1], 'gateways', 1)
            used = used + inFlight
        end
        foreign = math.max(foreign, counted - used)
        local granted = math.max(0, math.min(wanted, limit - used - foreign - kept))
        used = used + granted
        redis.call('HSET', KEYS[1], 'ends', ends, 'used', used, 'foreign', foreign)
        redis.call('PEXPIRE', KEYS[1], 2 * window + 2000)
        if ARGV[9] ~= '' then redis.call('HSET', KEYS[1], 'c:' .. ARGV[1], ARGV[9]) end
        local answer = { granted, used, ends - now, math.max(field('gateways') or 1, field('before') or 0) }
        local fields = redis.call('HGETALL', KEYS[1])
        for at = 1, #fields, 2 do
            if fields[at]:sub(1, 2) == 'c:' and fields[at] ~= 'c:' .. ARGV[1] and #answer < 68 then answer[#answer + 1] = fields[at + 1] end
        end
        return answer
        """;

    public bool IsWanted => connections.IsWanted;

    public async Task<QuotaBlock?> TakeAsync(QuotaClaim claim)
    {
        QuotaBlock? block = null;
        var isDone = await redis.TryAsync(async () => block = Read(await connections.EvaluateAsync(
            Script, RedisConnections.Namespace + "quota:" + claim.Account,
            [
                connections.Name, claim.Wanted, claim.Kept, claim.Limit, Milliseconds(claim.Window),
                claim.EndsIn is { } ends ? Milliseconds(ends) : "", claim.InFlight, claim.Counted, claim.Consumers,
            ])));
        return isDone ? block : null;
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    private static QuotaBlock? Read(RedisResult result) => (RedisResult[]?)result is [var granted, var used, var ends, var gateways, .. var others]
        ? new QuotaBlock(Bounded((long)granted), Bounded((long)used), TimeSpan.FromMilliseconds((long)ends), Bounded((long)gateways), [.. others.Select(other => (string?)other ?? "")])
        : null;

    private static int Bounded(long number) => (int)Math.Clamp(number, 0, int.MaxValue);
}
