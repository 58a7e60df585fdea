using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>How a key's quota stands, for people.</summary>
/// <param name="Limit">Requests in each window, as Cal.com last told.</param>
/// <param name="Left">Of these in the window that runs; null where none runs or the upstream does not count.</param>
/// <param name="ResetsIn">In how long there are as many as before; null where no window runs.</param>
/// <param name="Window">The length of a window.</param>
/// <param name="Foreign">What others have used of the same key.</param>
/// <param name="Consumers">Who has asked in this window or the one before.</param>
internal sealed record QuotaState(int Limit, int? Left, TimeSpan? ResetsIn, TimeSpan Window, int Foreign, IReadOnlyList<ConsumerState> Consumers)
{
    public int Refused => Consumers.Sum(consumer => consumer.Refused);

    /// <summary>For a request that would be sent now, such as <c>class read, 37 of 120 left, resets in 22 s</c>.</summary>
    /// <param name="class">Of the request.</param>
    /// <param name="state">Null where nothing was sent with the key lately.</param>
    public static string Describe(RequestClass @class, QuotaState? state)
    {
        var name = QuotaMetrics.NameOf(@class);
        return state is { Left: { } left, ResetsIn: { } wait }
            ? FormattableString.Invariant($"class {name}, {left} of {state.Limit} left, resets in {Math.Ceiling(wait.TotalSeconds)} s")
            : FormattableString.Invariant($"class {name}, no window runs; the next has {state?.Limit ?? QuotaWindow.UsualLimit}");
    }
}

/// <summary>One consumer in the window that runs.</summary>
/// <param name="Consumer">Null for those without a name.</param>
/// <param name="Used">How many of its requests were let through.</param>
/// <param name="Refused">How many were not.</param>
/// <param name="Waiting">How many wait for the window to end.</param>
internal sealed record ConsumerState(string? Consumer, int Used, int Refused, int Waiting);

/// <summary>What one consumer has of a key's quota.</summary>
/// <param name="Quota">Its share of a window.</param>
/// <param name="Left">What it can still have of this one.</param>
/// <param name="Window">The length of a window.</param>
/// <param name="ResetsIn">Null where none runs.</param>
internal readonly record struct QuotaBudget(int Quota, int Left, TimeSpan Window, TimeSpan? ResetsIn);
