using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>The state of a key's quota, for reports.</summary>
/// <param name="Limit">How many requests there are in each window, as Cal.com last said.</param>
/// <param name="Left">How many of them are left in the current window; null if no window runs or the upstream does not count.</param>
/// <param name="ResetsIn">The time until the quota is whole again; null if no window runs.</param>
/// <param name="Foreign">How many requests other users of the same key have sent in the current window.</param>
/// <param name="Consumers">The consumers that asked in the current or the previous window.</param>
internal sealed record QuotaState(int Limit, int? Left, TimeSpan? ResetsIn, TimeSpan Window, int Foreign, IReadOnlyList<ConsumerState> Consumers)
{
    public int Refused => Consumers.Sum(consumer => consumer.Refused);

    /// <summary>Describes what a request would find now, for example <c>class read, 37 of 120 left, resets in 22 s</c>.</summary>
    /// <param name="state">The state of its key; null if nothing was sent with the key lately.</param>
    public static string Describe(RequestClass @class, QuotaState? state)
    {
        var name = QuotaMetrics.NameOf(@class);
        return state is { Left: { } left, ResetsIn: { } wait }
            ? FormattableString.Invariant($"class {name}, {left} of {state.Limit} left, resets in {Math.Ceiling(wait.TotalSeconds)} s")
            : FormattableString.Invariant($"class {name}, no window runs; the next has {state?.Limit ?? QuotaWindow.DefaultLimit}");
    }
}

/// <summary>One consumer in the current window.</summary>
/// <param name="Consumer">The consumer's name; null for callers without one.</param>
/// <param name="Used">How many of its requests were admitted.</param>
/// <param name="Refused">How many of its writes and reads were refused.</param>
internal sealed record ConsumerState(string? Consumer, int Used, int Refused, int Waiting);

/// <summary>One consumer's part of a key's quota.</summary>
/// <param name="Quota">How many requests of a window are its share.</param>
/// <param name="Left">How many more it can send in the current window.</param>
/// <param name="ResetsIn">The time until the window ends; null if none runs.</param>
internal readonly record struct QuotaBudget(int Quota, int Left, TimeSpan Window, TimeSpan? ResetsIn);
