namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// Reads stored answers while a caller waits. A read is given up if the answer does not begin to arrive within a tenth of a second. A large answer on a slow
/// connection is waited for as long as bytes arrive.
/// </summary>
internal sealed class RedisReads(RedisConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time without a byte. TCP takes a fifth of a second or more to repeat a lost packet.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Limits concurrent reads, because each may hold the largest answer twice: encrypted and decrypted.</summary>
    private const int MaxConcurrent = 8;

    private readonly Budget _turns = new(MaxConcurrent, clock);
    private long _asked;
    private long _answered;

    /// <summary>Whether an answer is arriving at this moment.</summary>
    public bool IsReceiving => Volatile.Read(ref _answered) < Volatile.Read(ref _asked) && connection.Traffic.HasReceivedWithin(MaxPause);

    /// <summary>Null if nothing is stored.</summary>
    /// <exception cref="TimeoutException">The answer does not arrive in time.</exception>
    public async Task<byte[]?> GetAsync(string name)
    {
        if (await _turns.TakeAsync(1, FirstByteTimeout, CancellationToken.None) is null)
            throw new TimeoutException("No further answer may be read at the same time.");

        var number = Interlocked.Increment(ref _asked);
        var reading = ReadAsync(name);
        var begun = clock.GetTimestamp();
        while (await Task.WhenAny(reading, Task.Delay(FirstByteTimeout, clock)) != reading)
        {
            // Replies come in the order of the commands, so arriving bytes belong to the oldest read.
            var isComing = Volatile.Read(ref _answered) == number - 1 && connection.Traffic.HasReceivedWithin(MaxPause);
            if (!isComing || clock.GetElapsedTime(begun) > Timeout)
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
            _turns.Release(1);
        }
    }
}
