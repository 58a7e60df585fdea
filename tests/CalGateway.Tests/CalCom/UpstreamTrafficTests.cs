using System.Text.Json.Nodes;
using CalGateway.CalCom.Traffic;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.Tests.CalCom;

public sealed class UpstreamTrafficTests
{
    [Fact]
    public async Task Every_request_to_Cal_com_is_counted_once_whoever_sends_it()
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);

        foreach (var path in new[] { "/calcom/v2/me", "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/bookings/none" })
            (await pair.GetAsync(path)).Dispose();

        Assert.Equal(3, pair.Sandbox.Requests.Count);
        string[] expected =
        [
            "calgateway.upstream.requests calgateway.route=rest,http.response.status_code=200",
            "calgateway.upstream.requests calgateway.route=event-types,http.response.status_code=200",
            "calgateway.upstream.requests calgateway.route=bookings,http.response.status_code=404",
        ];
        await Eventually.TrueAsync(() => expected.All(name => meters.Sum(name) == 1), "each is counted");
        Assert.InRange(meters.Sum("calgateway.upstream.duration calgateway.route=event-types,http.response.status_code=200"), 0.000_001, 60);
    }

    [Fact]
    public async Task What_is_asked_to_confirm_a_mismatch_counts_too()
    {
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));
        using var meters = new MeterRecorder(pair.Gateway);

        (await pair.GetAsync("/calcom/v2/event-types/3928133")).Dispose();

        await Eventually.TrueAsync(() => pair.Sandbox.Requests.Count == 7, "six more versions were asked");
        await Eventually.TrueAsync(
            () => meters.Sum("calgateway.upstream.requests calgateway.route=event-types,http.response.status_code=404") == 4
                && meters.Sum("calgateway.upstream.requests calgateway.route=event-types,http.response.status_code=200") == 3, "all seven are counted");
    }

    [Fact]
    public async Task A_request_without_an_answer_is_counted_by_why()
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);
        await pair.Sandbox.StopAsync();

        (await pair.GetAsync("/calcom/v2/me")).Dispose();

        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.requests calgateway.route=rest,error.type=connection_error") == 2, "both attempts are counted");
    }

    [Theory]
    [InlineData(ForwarderError.RequestTimedOut, "timeout")]
    [InlineData(ForwarderError.RequestCanceled, "cancelled")]
    [InlineData(ForwarderError.Request, "name_resolution_error")]
    public void The_words_for_it_are_few(ForwarderError error, string word) =>
        Assert.Equal(word, ErrorTypes.Of(error, new HttpRequestException(HttpRequestError.NameResolutionError)));

    [Fact]
    public async Task What_is_left_of_the_quota_is_told_by_the_credentials_name_alone()
    {
        var settings = AccessSettings.ApiKey(
            consumer => consumer["Credential"] = "acme",
            access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "ACME_KEY" } });

        Assert.Equal("acme", await CredentialCountedAsync(settings, "/calcom/v2/me", ("X-Api-Key", AccessSettings.Key)));
        Assert.Equal("CALCOM_API_KEY", await CredentialCountedAsync(null, "/calcom/v2/me"));
        Assert.Equal("none", await CredentialCountedAsync(AccessSettings.Anonymous(), "/calcom/v2/slots?eventTypeId=3928133&start=2030-01-01&end=2030-01-02"));
    }

    private static async Task<string> CredentialCountedAsync(string? settings, string path, params (string, string)[] headers)
    {
        await using var pair = await Pair.StartAsync(settings: settings, environment: new Dictionary<string, string?> { ["ACME_KEY"] = "cal_test_of_acme" });
        using var meters = new MeterRecorder(pair.Gateway);
        Assert.DoesNotContain(meters.Gauges().Keys, IsQuota);

        (await pair.GetAsync(path, headers)).Dispose();

        var (name, left) = Assert.Single(meters.Gauges(), gauge => gauge.Key.StartsWith("calgateway.upstream.quota.remaining", StringComparison.Ordinal));
        Assert.Equal(120, Assert.Single(meters.Gauges(), gauge => gauge.Key.StartsWith("calgateway.upstream.quota.limit", StringComparison.Ordinal)).Value);
        Assert.InRange(left, 1, 119);
        return name.Split("calgateway.credential=")[1];
    }

    private static bool IsQuota(string instrument) => instrument.StartsWith("calgateway.upstream.quota", StringComparison.Ordinal);
}
