using System.Diagnostics;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// Polls a condition until it holds, or until a deadline, which only a failing test reaches. On a busy machine both the test and the gateway get little
/// processor time, so the deadline also requires as many polls as an idle machine makes in that time.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5); // most conditions hold a moment later

    /// <summary>The longest wait, however busy the machine is.</summary>
    private const int MostTimes = 6;

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) => TrueAsync(condition, () => what, within);

    /// <param name="condition">The condition to wait for.</param>
    /// <param name="what">The message of the failure; called after the deadline, so that it can describe the state.</param>
    /// <param name="within">The deadline; ten seconds by default.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(FirstPause);
        for (var looks = 1; !await condition(); looks++)
        {
            if (watch.Elapsed > limit && (looks * Pause > limit || watch.Elapsed > MostTimes * limit))
                Assert.Fail($"Not within {limit.TotalSeconds:0.#} s: {what()}");
            if (looks == 4)
                pause.Period = Pause;
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
