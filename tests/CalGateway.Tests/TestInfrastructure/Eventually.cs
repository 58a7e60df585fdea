using System.Diagnostics;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// Asks again until it is so, or until a deadline that only a failing test ever meets. On a busy machine, whoever asks and whoever is asked wait for
/// their turn: the deadline has not passed before there were as many looks as an idle machine has in that time.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Of a deadline, however busy the machine is.</summary>
    private const int MostTimes = 6;

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) => TrueAsync(condition, () => what, within);

    /// <param name="condition">What is waited for.</param>
    /// <param name="what">Told where it never comes, of how things stand by then.</param>
    /// <param name="within">Ten seconds by default.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? within = null)
    {
        var limit = within ?? Patience;
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Pause);
        for (var looks = 1; !await condition(); looks++)
        {
            if (watch.Elapsed > limit && (looks * Pause > limit || watch.Elapsed > MostTimes * limit))
                Assert.Fail($"Not within {limit.TotalSeconds:0.#} s: {what()}");
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
