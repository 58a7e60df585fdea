using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>A start, a reload and the verb <c>check</c> judge a pin in the same way.</summary>
public sealed class PinLintTests
{
    private static string Shipped => GatewayFixture.ShippedSettings;

    [Fact]
    public void The_shipped_file_has_nothing_against_it() => Assert.Empty(Examine(Shipped));

    [Fact]
    public void A_version_that_Cal_com_does_not_know_is_doubted_with_the_nearest_one()
    {
        var finding = Examine(Pin("slots", "2024-09-04", "2024-09-40"));

        var only = Assert.Single(finding);
        Assert.Equal(Severity.Warning, only.Severity);
        Assert.Contains("does not know this version and will silently answer as 2024-04-15; did you mean 2024-09-04?", only.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf("2024-09-04"), only.Line);
    }

    [Theory]
    [InlineData("event-types", "2024-06-14", "2024-08-13")]
    [InlineData("bookings", "2024-08-13", "2024-09-04")]
    [InlineData("schedules", "2024-06-11", "2024-08-13")]
    [InlineData("slots", "2024-09-04", "2024-08-13")]
    [InlineData("private-links", "2024-04-15", "2024-06-14")]
    [InlineData("older-slots", "2024-08-13", "2024-09-04")]
    [InlineData("older-bookings", "2024-06-14", "2024-08-13")]
    [InlineData("older-reschedule", "2024-06-14", "2024-08-13")]
    [InlineData("verified-resources", "2024-04-15", "2024-06-14")]
    public void A_known_version_that_is_certain_to_miss_is_doubted_with_the_right_one(string route, string right, string wrong)
    {
        var only = Assert.Single(Examine(Pin(route, right, wrong)));

        Assert.Contains($"at {wrong}", only.Message, StringComparison.Ordinal);
        Assert.Contains($"the right version is {right}", only.Message, StringComparison.Ordinal);
        Assert.StartsWith($"ReverseProxy:Routes:{route}:Transforms", only.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_over_families_that_no_version_serves_is_told_which_want_what()
    {
        const string settings = """
            {
              "ReverseProxy": {
                "Routes": {
                  "all": { "ClusterId": "calcom", "Match": { "Path": "/calcom/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }] }
                },
                "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
              }
            }
            """;

        var only = Assert.Single(Examine(settings));
        Assert.Contains("event-types wants 2024-06-14", only.Message, StringComparison.Ordinal);
        Assert.Contains("slots wants 2024-09-04", only.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-06-41")]
    [InlineData("2024-08-13")]
    [InlineData("2031-01-01")]
    public void A_doubt_that_is_acknowledged_is_none_under_either_rule(string version)
    {
        var acknowledged = Pin("event-types", "2024-06-14", version)
            .Replace($"\"CalApiVersion\": \"{version}\"", $"\"CalApiVersion\": \"{version}\", \"Unverified\": \"true\"", StringComparison.Ordinal);

        Assert.Empty(Examine(acknowledged));
        Assert.Empty(Examine(Enforced(acknowledged)));
    }

    [Theory]
    [InlineData("2026-02-25")]
    [InlineData("2026-05-01")]
    public void The_hosted_versions_of_bookings_are_not_doubted(string version) => Assert.Empty(Examine(Pin("bookings", "2024-08-13", version)));

    [Fact]
    public void Under_Enforce_a_doubt_is_an_error_in_the_same_words()
    {
        var mistyped = Pin("slots", "2024-09-04", "2024-09-40");

        var enforced = Assert.Single(Examine(Enforced(mistyped)));
        Assert.Equal(Severity.Error, enforced.Severity);
        Assert.Equal(Examine(mistyped).Single().Message, enforced.Message);
    }

    [Fact]
    public void A_version_newer_than_the_catalogue_says_so()
    {
        var only = Assert.Single(Examine(Pin("bookings", "2024-08-13", "2031-01-01")));
        Assert.Contains("newer than this gateway's catalogue", only.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Examine(string settings) =>
        TestRevision.From(settings).Findings;

    /// <summary>Changes the pin of one route and of no other.</summary>
    private static string Pin(string route, string right, string wrong)
    {
        var from = Shipped.IndexOf($"\"{route}\": {{", StringComparison.Ordinal);
        var pin = Shipped.IndexOf(right, from, StringComparison.Ordinal);
        return Shipped[..pin] + wrong + Shipped[(pin + right.Length)..];
    }

    private static string Enforced(string settings) => settings.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Pins\": \"Enforce\",", StringComparison.Ordinal);

    private static int LineOf(string text) => Shipped[..Shipped.IndexOf(text, StringComparison.Ordinal)].Count(character => character == '\n') + 1;
}
