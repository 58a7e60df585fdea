using CalGateway.Catalogue;

namespace CalGateway.Tests.Catalogue;

/// <summary>Facts about Cal.com written down by hand, not read from the resource that they check.</summary>
public class OperationFactsTests
{
    private static readonly CalComCatalogue Catalogue = CalComCatalogue.Default;

    [Fact]
    public void All_of_Cal_coms_operations_are_there()
    {
        Assert.Equal(341, Catalogue.Operations.Count);
        Assert.Equal(233, Catalogue.Operations.Select(operation => operation.Template).Distinct().Count());
        Assert.Equal(new DateOnly(2026, 8, 18), Catalogue.Date);
    }

    [Fact]
    public void Versions_stand_newest_first_and_the_oldest_is_the_silent_default()
    {
        Assert.Equal(
            ["2026-05-01", "2026-02-25", "2024-09-04", "2024-08-13", "2024-06-14", "2024-06-11", "2024-04-15"], Catalogue.KnownVersions);
        Assert.Equal(["2026-05-01", "2026-02-25"], Catalogue.HostedOnlyVersions);
        Assert.Equal("2024-04-15", Catalogue.DefaultVersion);
    }

    [Fact]
    public void Event_types_have_two_shapes_and_miss_at_the_version_of_bookings()
    {
        var list = Find("GET", "/v2/event-types");

        Assert.Equal(["2024-06-14", "2024-06-11", "2024-04-15"], list.Versions);
        Assert.Equal(["2024-06-11", "2024-04-15"], list.LegacyVersions);
        Assert.Equal("2024-06-14", list.RecommendedVersion);
        Assert.Equal(Risk.IdentityChangesResult, list.Risk);
        Assert.False(list.Answers("2024-08-13"));
    }

    [Fact]
    public void Listing_event_types_needs_no_key() => Assert.Equal(AuthRequirement.Optional, Find("GET", "/v2/event-types").Auth);

    [Fact]
    public void Bookings_answer_the_hosted_versions_as_well()
    {
        var list = Find("GET", "/v2/bookings");

        Assert.Equal(["2026-05-01", "2026-02-25", "2024-08-13", "2024-06-14", "2024-06-11", "2024-04-15"], list.Versions);
        Assert.Equal(["2026-05-01", "2026-02-25"], list.HostedOnlyVersions);
        Assert.Equal("2024-08-13", list.RecommendedVersion);
    }

    [Fact]
    public void Slots_exist_at_one_version()
    {
        var slots = Find("GET", "/v2/slots");

        Assert.Equal(["2024-09-04"], slots.Versions);
        Assert.Equal((AuthRequirement.None, Risk.Public), (slots.Auth, slots.Risk));
        Assert.False(Find("GET", "/v2/slots/available").Answers("2024-09-04"));
    }

    [Fact]
    public void Schedules_changed_shape_earlier_than_event_types()
    {
        var list = Find("GET", "/v2/schedules");

        Assert.Equal(["2024-04-15"], list.LegacyVersions);
        Assert.Equal("2024-06-11", list.RecommendedVersion);
    }

    [Fact]
    public void Private_links_answer_only_the_default_version()
    {
        var links = Find("GET", "/v2/event-types/42/private-links");

        Assert.Equal(["2024-04-15"], links.Versions);
        Assert.Equal("2024-04-15", links.RecommendedVersion);
    }

    [Theory]
    [InlineData("POST", "/v2/api-keys/refresh", nameof(Risk.Credential))]
    [InlineData("POST", "/v2/webhooks", nameof(Risk.Exfiltration))]
    [InlineData("PATCH", "/v2/organizations/7/webhooks/abc", nameof(Risk.Exfiltration))]
    [InlineData("DELETE", "/v2/oauth-clients/abc", nameof(Risk.Credential))]
    [InlineData("GET", "/v2/organizations/7/memberships", nameof(Risk.OrgAdmin))]
    [InlineData("POST", "/v2/teams/7/invite", nameof(Risk.SendsMessages))]
    [InlineData("GET", "/v2/me", nameof(Risk.OwnerReadPii))]
    [InlineData("DELETE", "/v2/schedules/1", nameof(Risk.OwnerWrite))]
    [InlineData("GET", "/health", nameof(Risk.None))]
    public void The_risk_says_what_the_owners_key_would_give_away(string method, string path, string risk) =>
        Assert.Equal(risk, Find(method, path).Risk.ToString());

    [Fact]
    public void Neutral_operations_answer_any_version_and_unknown_ones_have_the_benefit_of_the_doubt()
    {
        var neutral = Find("GET", "/v2/atoms/event-types");
        var unknown = Find("GET", "/v2/event-types/42/calendar-invites");

        Assert.True(neutral is { AnswersAnyVersion: true, VersionsUnknown: false, RecommendedVersion: null });
        Assert.True(unknown is { AnswersAnyVersion: false, VersionsUnknown: true });
        Assert.True(neutral.Answers("2024-08-13") && unknown.Answers("2024-08-13"));
    }

    [Fact]
    public void A_pin_is_a_version_that_the_operation_answers_in_its_current_shape()
    {
        foreach (var operation in Catalogue.Operations.Where(operation => operation.RecommendedVersion is not null))
        {
            Assert.Contains(operation.RecommendedVersion!, operation.Versions.Except(operation.LegacyVersions));
            Assert.DoesNotContain(operation.RecommendedVersion!, operation.HostedOnlyVersions);
        }
    }

    [Theory]
    [InlineData("/v2/event-types/{eventTypeId}/private-links", "event-types")]
    [InlineData("/v2/me", "me")]
    [InlineData("/V2/slots/", "slots")]
    [InlineData("/health", "health")]
    [InlineData("/", "")]
    public void The_family_is_the_first_segment_after_v2(string path, string family) => Assert.Equal(family, Family.Of(path).ToString());

    private static Operation Find(string method, string path) =>
        Catalogue.Find(method, path) ?? throw new KeyNotFoundException($"{method} {path}");
}
