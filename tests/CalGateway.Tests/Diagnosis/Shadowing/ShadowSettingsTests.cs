using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary>What may stand beside a pin for its reads to be asked at another version as well.</summary>
public sealed class ShadowSettingsTests
{
    [Theory]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"5\"", 5.0)]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": 5", 5.0)]
    [InlineData("\"shadow\": \"2026-02-25\", \"SHADOWPERCENT\": \"0.25\"", 0.25)]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": 99.5", 99.5)]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"100\"", 100.0)]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"100.0\"", 100.0)]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"0\"", 0.0)]
    [InlineData("\"Shadow\": \"2026-02-25\"", 0.0)]
    public void A_share_is_a_number_from_0_to_100_as_text_or_not(string members, double percent)
    {
        var attempt = TestRevision.From(Settings(members));

        Assert.Empty(attempt.Findings);
        Assert.Equal(new ShadowSettings("2026-02-25", (decimal)percent), attempt.Revision!.Plans["bookings"].Part<ShadowSettings>());
    }

    [Theory]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"101\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"100.5\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"-1\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": 150", "ShadowPercent \"150\" of route \"bookings\" is not a share")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": -3", "ShadowPercent \"-3\" of route \"bookings\" is not a share")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"5%\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"five\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"5,5\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"1e2\"", "ShadowPercent")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": 1e3", "ShadowPercent \"1e3\" of route \"bookings\" is not a share")]
    [InlineData("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": true", "ShadowPercent")]
    [InlineData("\"ShadowPercent\": \"5\"", "has ShadowPercent without Shadow")]
    [InlineData("\"Shadow\": \"\", \"ShadowPercent\": \"5\"", "\"Shadow\" must be a version")]
    [InlineData("\"Shadow\": \"next year\", \"ShadowPercent\": \"5\"", "\"Shadow\" must be a version")]
    [InlineData("\"Shadow\": \"2024-08-13\", \"ShadowPercent\": \"5\"", "Shadow of route \"bookings\" is 2024-08-13, which is its pin")]
    [InlineData("\"Shadwo\": \"2026-02-25\"", "did you mean \"Shadow\"?")]
    public void What_cannot_be_meant_is_refused_with_its_line(string members, string told)
    {
        var error = TestRevision.From(Settings(members)).Errors.First();

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(7, error.Line);
    }

    [Fact]
    public void Beside_the_callers_own_tokens_it_is_refused()
    {
        var settings = Settings("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"5\"").Replace("}] },\n      \"rest\"", "}, { \"CalCredential\": \"Caller\" }] },\n      \"rest\"", StringComparison.Ordinal);

        Assert.Contains("sends the callers' own tokens", Assert.Single(TestRevision.From(settings).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Shadow\": \"2031-01-01\"", "Shadow of route \"bookings\": Cal.com does not know this version and will silently answer as 2024-04-15")]
    [InlineData("\"Shadow\": \"2024-09-40\"", "did you mean 2024-09-04?")]
    public void A_version_that_the_catalogue_doubts_is_warned_of_and_no_more_unless_it_is_acknowledged(string members, string told)
    {
        foreach (var rule in new[] { "Warn", "Enforce" })
        {
            var settings = Settings(members + ", \"ShadowPercent\": \"5\"").Replace("\"CalGateway\": {", $"\"CalGateway\": {{ \"Pins\": \"{rule}\",", StringComparison.Ordinal);
            var warning = Assert.Single(TestRevision.From(settings).Findings);
            Assert.Equal((Severity.Warning, 7), (warning.Severity, warning.Line));
            Assert.Contains(told, warning.Message, StringComparison.Ordinal);
            Assert.Empty(TestRevision.From(settings.Replace("\"ShadowPercent\"", "\"Unverified\": \"true\", \"ShadowPercent\"", StringComparison.Ordinal)).Findings);
        }
    }

    [Fact]
    public void On_a_route_that_reads_nothing_it_is_warned_of()
    {
        var settings = Settings("\"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"5\"").Replace("\"Path\": \"/calcom/v2/bookings/{**rest}\"", "\"Path\": \"/calcom/v2/bookings/{**rest}\", \"Methods\": [\"POST\"]", StringComparison.Ordinal);

        Assert.Contains("nothing that it matches is a read", Assert.Single(TestRevision.From(settings).Findings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"5\"", "has 5 % of its successful reads asked at 2026-02-25 as well; callers get 2024-08-13.")]
    [InlineData("\"0\"", "without ShadowPercent nothing is asked at it")]
    public async Task Check_notes_it(string percent, string told)
    {
        var (exit, output, _) = await CheckTests.CheckAsync(Settings($"\"Shadow\": \"2026-02-25\", \"ShadowPercent\": {percent}"), "--strict");

        Assert.Equal(0, exit);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    private static string Settings(string members) => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "bookings": {
                "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/bookings/{**rest}" },
                "Transforms": [{ "PathRemovePrefix": "/calcom" },
                  { "CalApiVersion": "2024-08-13", {{members}} }] },
              "rest": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/me" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-08-13" }] }
            },
            "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
          },
          "CalGateway": {
            "Diagnosis": { "Confirm": true }
          }
        }
        """.Replace("\r\n", "\n", StringComparison.Ordinal);
}
