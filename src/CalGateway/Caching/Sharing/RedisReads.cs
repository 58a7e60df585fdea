using CalGateway.Caching.Entries;

namespace CalGateway.Caching.Sharing;

/// <summary>
/// Reads stored answers. A caller waits for it, so what does not begin to come within a tenth of a second is given up; a large one on a slow line is
/// waited for while it comes.
/// </summary>
internal sealed class RedisReads(RedisConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Without a byte. TCP itself takes a fifth of a second and more to send a lost packet again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Each may hold the largest answer twice: as it lies in Redis, and decrypted.</summary>
    private const int MostAtOnce = 8;

    private readonly Room _turns = new(MostAtOnce, clock);
    private long _asked;
    private long _answered;

    /// <summary>Whether an answer is coming at this moment.</summary>
    public bool IsReceiving => Volatile.Read(ref _answered) < Volatile.Read(ref _asked) && connection.Traffic.HasReceivedWithin(Pause);

    /// <summary>Null where nothing is there. Throws <see cref="TimeoutException"/> where it does not come.</summary>
    public async Task<byte[]?> GetAsync(string name)
    {
        if (await _turns.TakeAsync(1, Patience, CancellationToken.None) is null)
            throw new TimeoutException("So many stored answers are being read that no other could be.");

        var number = Interlocked.Increment(ref _asked);
        var reading = ReadAsync(name);
        var begun = clock.GetTimestamp();
        while (await Task.WhenAny(reading, Task.Delay(Patience, clock)) != reading)
        {
            // Replies come in the order of the questions: the bytes that come belong to the first that waits.
            var isComing = Volatile.Read(ref _answered) == number - 1 && connection.Traffic.HasReceivedWithin(Pause);
            if (!isComing || clock.GetElapsedTime(begun) > Longest)
                throw Abandoned(reading);
        }

        return await reading;
    }

    private static TimeoutException Abandoned(Task reading)
    {
        // Observes the exception of an abandoned call, which would otherwise be reported as unobserved.
        _ = reading.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
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
