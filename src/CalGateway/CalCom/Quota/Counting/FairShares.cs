namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// Decides which consumer may send one more request where there are not enough for all. What a consumer is expected to want in the current window is kept for
/// it, up to its share; for a new consumer, whose demand is not known, its share of what is left of the window is kept. What a consumer does not want goes to
/// the others in proportion to their shares. The requests that only writes may use are taken from those who want more than their share.
/// </summary>
internal static class FairShares
{
    /// <summary>The expected demand is multiplied by this, so that a consumer that asks for a little more than before is not refused.</summary>
    private const double ExpectedFactor = 1.25;

    /// <summary>Requests that are added to the expected demand. They matter to consumers that ask for a few requests only.</summary>
    private const int ExpectedExtra = 2;

    /// <param name="capacity">The requests that there are for all of them in the whole window.</param>
    /// <param name="kept">How many of them only writes may use.</param>
    /// <param name="rest">The part of the window that is left; 0 to 1.</param>
    public static void Divide(IReadOnlyList<ConsumerUse> consumers, double capacity, double kept, double rest)
    {
        var shares = consumers.Sum(consumer => consumer.Share);
        foreach (var consumer in consumers)
        {
            var atThisRate = consumer.TotalAsked + consumer.TotalAsked / Math.Max(QuotaWindow.MinElapsedPart, 1 - rest) * rest;
            var unknown = consumer.IsNew ? consumer.TotalAsked + Math.Max(0, capacity) * consumer.Share / shares * rest : 0;
            consumer.Expected = Math.Max(Math.Max(consumer.AskedBefore, atThisRate) * ExpectedFactor + ExpectedExtra, unknown);
            consumer.Fair = -1;
        }

        Fill(consumers, capacity);
        var missing = consumers.Sum(consumer => consumer.Expected - consumer.Fair);
        foreach (var consumer in consumers)
            consumer.Protected = missing > 0 ? Math.Max(0, consumer.Fair - kept * (consumer.Expected - consumer.Fair) / missing) : consumer.Fair;
    }

    /// <summary>Whether a consumer may send one more request: within its share, or of what the others are not expected to want.</summary>
    /// <param name="consumers">All active consumers, with the shares that <see cref="Divide"/> computed.</param>
    /// <param name="left">How many requests are left for the class of this request.</param>
    /// <param name="isWrite">True for a write, which may also use what is kept for writes.</param>
    public static bool MayTake(ConsumerUse asking, IReadOnlyList<ConsumerUse> consumers, int left, bool isWrite)
    {
        if (left < 1)
            return false;
        if (consumers.Count < 2 || asking.TotalUsed + 1 <= Math.Round(isWrite ? asking.Fair : asking.Protected))
            return true;

        var needed = 0;
        foreach (var other in consumers)
            needed += ReferenceEquals(other, asking) ? 0 : other.Need;
        return left - 1 >= needed;
    }

    /// <summary>Gives each consumer what it is expected to want, or its share of what the consumers leave that want less (max-min fairness).</summary>
    private static void Fill(IReadOnlyList<ConsumerUse> consumers, double capacity)
    {
        var shares = consumers.Sum(consumer => consumer.Share);
        for (var isSettled = false; !isSettled;)
        {
            isSettled = true;
            var level = shares > 0 ? Math.Max(0, capacity) / shares : 0;
            foreach (var consumer in consumers.Where(consumer => consumer.Fair < 0 && consumer.Expected <= level * consumer.Share))
            {
                consumer.Fair = consumer.Expected;
                capacity -= consumer.Fair;
                shares -= consumer.Share;
                isSettled = false;
            }
        }

        foreach (var consumer in consumers.Where(consumer => consumer.Fair < 0))
            consumer.Fair = Math.Max(0, capacity) * consumer.Share / shares;
    }
}
