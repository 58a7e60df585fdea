namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// Who may take one more of a key's requests where there are not enough for all. What a consumer is expected to ask for in the window that runs is kept for it,
/// up to its share, and of one that is new its share of what is left of the window; what it leaves goes to the others in proportion to theirs. What is kept for writes is missing for those who ask for more than they get.
/// </summary>
internal static class FairShares
{
    /// <summary>Expectations err on the side of those who ask for little.</summary>
    private const double Margin = 1.25;

    private const int MarginRequests = 2;

    /// <summary>Two requests in the first moment say little about a minute.</summary>
    private const double ShortestPart = 1.0 / 30;

    /// <summary>Works out what each consumer is to get of the window.</summary>
    /// <param name="consumers">Those that are active.</param>
    /// <param name="capacity">What there is for all of them in the whole window.</param>
    /// <param name="kept">How much of that only writes may use.</param>
    /// <param name="rest">Which part of the window is left.</param>
    public static void Divide(IReadOnlyList<ConsumerUse> consumers, double capacity, double kept, double rest)
    {
        var shares = consumers.Sum(consumer => consumer.Share);
        foreach (var consumer in consumers)
        {
            var atThisRate = consumer.TotalAsked + consumer.TotalAsked / Math.Max(ShortestPart, 1 - rest) * rest;
            var unknown = consumer.IsNew ? consumer.TotalAsked + Math.Max(0, capacity) * consumer.Share / shares * rest : 0;
            consumer.Expected = Math.Max(Math.Max(consumer.AskedBefore, atThisRate) * Margin + MarginRequests, unknown);
            consumer.Fair = -1;
        }

        Fill(consumers, capacity);
        var missing = consumers.Sum(consumer => consumer.Expected - consumer.Fair);
        foreach (var consumer in consumers)
            consumer.Protected = missing > 0 ? Math.Max(0, consumer.Fair - kept * (consumer.Expected - consumer.Fair) / missing) : consumer.Fair;
    }

    /// <summary>Whether a consumer may take one more.</summary>
    /// <param name="asking">The consumer.</param>
    /// <param name="consumers">All that are active, as <see cref="Divide"/> has left them.</param>
    /// <param name="left">What there is for its class of request.</param>
    /// <param name="isWrite">What is kept for writes counts as its own.</param>
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

    /// <summary>Gives each what it is expected to ask for, or its share of what those leave who ask for less.</summary>
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
