using System.Globalization;
using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>Windows that do not end, or seem to, and clocks that jump: the key is neither shut for good nor asked too much.</summary>
public sealed class QuotaClockTests
{
    private const string Me = "/calcom/v2/me";

    /// <summary>The upstream says after each window that nothing is left again.</summary>
    [Theory]
    [InlineData("60")]
    [InlineData("never")]
    [InlineData("99999999999999")]
    [InlineData(null)]
    public async Task A_reset_that_never_comes_is_tried_once_a_window(string? reset)
    {
        await using var scene = await CacheScene.OpenAsync();
        var headers = new Dictionary<string, string> { ["X-RateLimit-Limit-Default"] = "120", ["X-RateLimit-Remaining-Default"] = "0" };
        if (reset is not null)
            headers["X-RateLimit-Reset-Default"] = reset;
        scene.Sandbox.Faults.Add(Fault.Status(200, body: "{}", headers: headers));

        for (var window = 1; window <= 3; window++)
        {
            Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Me)).Status);
            for (var i = 0; i < 5; i++)
            {
                var refused = await scene.GetAsync(Me);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted"), (refused.Status, refused.Code));
                Assert.InRange(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture), 1, 61);
            }

            Assert.Equal(window, scene.Sandbox.Requests.Count);
            scene.Clock.Advance(TimeSpan.FromSeconds(62));
        }
    }

    /// <summary>The calendar of this machine is set while the window runs. Only what an upstream tells in dates depends on it, and a Date beside it mends that.</summary>
    [Theory]
    [InlineData(365, "60")]
    [InlineData(-365, "60")]
    [InlineData(365, "epoch")]
    [InlineData(-365, "epoch")]
    [InlineData(365, "epoch without Date")]
    [InlineData(-365, "epoch without Date")]
    [InlineData(0, "epoch")]
    public async Task A_clock_that_jumps_neither_opens_nor_shuts_a_window(int days, string reset)
    {
        var clock = new WallClock();
        await using var scene = await CacheScene.OpenAsync(realClock: true, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var now = TimeProvider.System.GetUtcNow();
        var headers = new Dictionary<string, string>
        {
            ["X-RateLimit-Limit-Default"] = "120", ["X-RateLimit-Remaining-Default"] = "0",
            ["X-RateLimit-Reset-Default"] = reset.StartsWith("epoch", StringComparison.Ordinal) ? (now.ToUnixTimeSeconds() + 50).ToString(CultureInfo.InvariantCulture) : reset,
        };
        if (reset == "epoch")
            headers["Date"] = now.ToString("R", CultureInfo.InvariantCulture);
        scene.Sandbox.Faults.Add(Fault.Status(200, body: "{}", headers: headers));

        clock.Set(TimeSpan.FromDays(days));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Me)).Status);
        var before = await scene.GetAsync(Me);
        clock.Set(TimeSpan.FromDays(-days));
        var after = await scene.GetAsync(Me);

        Assert.All([before, after], refused => Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted"), (refused.Status, refused.Code)));
        Assert.All([before, after], refused => Assert.InRange(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture), 40, reset == "epoch" ? 52 : 61));
        Assert.Equal(1, scene.Sandbox.Requests.Count);
    }
}
