using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class LocationTests
{
    [Theory]
    [InlineData("{own}/v2/bookings/1?a=b#c", "/calcom/v2/bookings/1?a=b#c")]
    [InlineData("{own without scheme}/v2/bookings/1", "/calcom/v2/bookings/1")]
    [InlineData("/v2/bookings/1", "/calcom/v2/bookings/1")]
    [InlineData("https://app.cal.com/auth/login", "https://app.cal.com/auth/login")]
    [InlineData("http://127.0.0.1:1/v2/bookings/1", "http://127.0.0.1:1/v2/bookings/1")]
    [InlineData("//app.cal.com/x", "//app.cal.com/x")]
    [InlineData("bookings/1", "bookings/1")]
    [InlineData("mailto:help@cal.com", "mailto:help@cal.com")]
    public async Task An_address_of_Cal_coms_own_becomes_one_below_calcom_and_others_stay(string told, string passed)
    {
        Uri? own = null;
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(RouteScene.Answer(
            $"Location: {told.Replace("{own}", own!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("{own without scheme}", "//" + own.Authority, StringComparison.Ordinal)}\r\n",
            "308 Permanent Redirect")));
        own = upstream.Address;
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        foreach (var path in new[] { "/calcom/v2/me", "/calcom/v2/event-types" })
        {
            using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(308, (int)answer.StatusCode);
            Assert.Equal([passed], answer.Headers.GetValues("Location"));
        }
    }

    [Theory]
    [InlineData("{own}/api/v2/bookings/1", "/calcom/v2/bookings/1")]
    [InlineData("{own}/elsewhere", "{own}/elsewhere")]
    public async Task A_path_of_the_base_URL_is_taken_off(string told, string passed)
    {
        Uri? own = null;
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(RouteScene.Answer(
            $"Location: {told.Replace("{own}", own!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)}\r\n", "201 Created")));
        own = upstream.Address;
        await using var gateway = await GatewayFixture.StartAsync(new Uri(upstream.Address, "/api"));
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);

        Assert.Equal([passed.Replace("{own}", own.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)], answer.Headers.GetValues("Location"));
    }
}
