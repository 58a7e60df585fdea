namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// Reads stored answers. A caller waits meanwhile, so an answer that does not begin to come within a tenth of a second is given up; a large one on a slow
/// connection is waited for while its bytes come.
/// </summary>
internal sealed class RedisReads(RedisConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Without a byte. TCP takes a fifth of a second and more to send a lost packet again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Limits concurrent reads, because each may hold the largest answer twice: encrypted and decrypted.</summary>
    private const int MostAtOnce = 8;

    private readonly Budget _turns = new(MostAtOnce, clock);
    private long _asked;
    private long _answered;

    /// <summary>Whether an answer is coming at this moment.</summary>
    public bool IsReceiving => Volatile.Read(ref _answered) < Volatile.Read(ref _asked) && connection.Traffic.HasReceivedWithin(LongestPause);

    /// <summary>Null where nothing is stored. Throws <see cref="TimeoutException"/> where the answer does not come.</summary>
    public async Task<byte[]?> GetAsync(string name)
    {
        if (await _turns.TakeAsync(1, Patience, CancellationToken.None) is null)
            throw new TimeoutException("As many stored answers are being read as may be at once.");

        var number = Interlocked.Increment(ref _asked);
        var reading = ReadAsync(name);
        var begun = clock.GetTimestamp();
        while (await Task.WhenAny(reading, Task.Delay(Patience, clock)) != reading)
        {
            // Replies come in the order of the commands: the bytes that come belong to the oldest read.
            var isComing = Volatile.Read(ref _answered) == number - 1 && connection.Traffic.HasReceivedWithin(LongestPause);
            if (!isComing || clock.GetElapsedTime(begun) > Longest)
                throw Abandoned(reading);
        }

        return await reading;
    }

    private static TimeoutException Abandoned(Task reading)
    {
        AbandonedCalls.Observed(reading);
        return new TimeoutException("The stored answer did not come in time.");
    }

    private async Task<byte[]?> ReadAsync(string name)
    {
        try
        {
            return await connection.Store.GetAsync(name, CancellationToken.None);
        }
        finally
        {
            Interlocked.Increment(ref _answered);
            _turns.Give(1);
        }
    }
}
