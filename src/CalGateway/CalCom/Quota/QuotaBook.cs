using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using CalGateway.CalCom.Headers;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Quota;

/// <summary>What Cal.com last said of the quota of each key: a rotated key begins anew.</summary>
internal sealed class QuotaBook(TimeProvider clock)
{
    /// <summary>What is done besides serving callers ends here.</summary>
    public const int Reserve = 15;

    private readonly ConditionalWeakTable<AuthenticationHeaderValue, Account> _accounts = [];
    private readonly Account _strangers = new();

    /// <param name="key">Whose; null for requests without one, which Cal.com counts by address.</param>
    /// <param name="answer">Cal.com's, to a request that the key signed.</param>
    public void Note(Signature? key, HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests && QuotaReset.IsOfAccount(answer))
            Note(key, 0, RetryAfter.SaidBy(answer, clock.GetUtcNow()) ?? RetryAfter.Usual((int)answer.StatusCode));
        else if (QuotaHeaders.In(answer, clock) is { } told)
            Note(key, told.Left, told.Reset);
    }

    private void Note(Signature? key, int left, TimeSpan reset) => Of(key).Note(left, clock.GetTimestamp() + (long)(reset.TotalSeconds * clock.TimestampFrequency));

    /// <summary>How many requests the key has left; null where nothing is known, or the window in which it was is over.</summary>
    public int? Left(Signature? key) => Of(key).Left(clock.GetTimestamp());

    /// <summary>For how long the key is known to have none left; null where it has some, or nothing is known.</summary>
    public TimeSpan? ExhaustedFor(Signature? key) => Left(key) == 0 ? ResetsIn(key) : null;

    /// <summary>In how long the key has as many as before; null where nothing is known.</summary>
    public TimeSpan? ResetsIn(Signature? key)
    {
        var left = Of(key).Until - clock.GetTimestamp();
        return left > 0 ? TimeSpan.FromSeconds(left / (double)clock.TimestampFrequency) : null;
    }

    private Account Of(Signature? key) => key is null ? _strangers : _accounts.GetOrAdd(key.Header, static _ => new Account());

    /// <summary>Two numbers that are read for every request: one that is a moment older than the other does no harm.</summary>
    private sealed class Account
    {
        private int _left;
        private long _until;

        public long Until => Volatile.Read(ref _until);

        public int? Left(long now) => now < Until ? Volatile.Read(ref _left) : null;

        public void Note(int left, long until)
        {
            Volatile.Write(ref _left, left);
            Volatile.Write(ref _until, until);
        }
    }
}
