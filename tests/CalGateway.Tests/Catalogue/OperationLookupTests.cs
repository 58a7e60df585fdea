using CalGateway.Catalogue;

namespace CalGateway.Tests.Catalogue;

public class OperationLookupTests
{
    private static readonly CalComCatalogue Catalogue = CalComCatalogue.Default;

    [Fact]
    public void Every_operation_is_found_by_its_own_template()
    {
        foreach (var operation in Catalogue.Operations)
            Assert.Same(operation, Catalogue.Find(operation.Method, Sample(operation.Template)));
    }

    [Fact]
    public void Every_operation_is_found_in_upper_case_and_with_a_trailing_slash()
    {
        foreach (var operation in Catalogue.Operations)
            Assert.Same(operation, Catalogue.Find(operation.Method, Sample(operation.Template).ToUpperInvariant() + "/"));
    }

    [Theory]
    [InlineData("GET", "/v2/schedules/default", "/v2/schedules/default")]
    [InlineData("GET", "/v2/schedules/defaults", "/v2/schedules/{scheduleId}")]
    [InlineData("GET", "/v2/organizations/7/teams/me", "/v2/organizations/{orgId}/teams/me")]
    [InlineData("GET", "/v2/calendars/ics-feed/check", "/v2/calendars/ics-feed/check")]
    public void A_literal_segment_beats_a_parameter(string method, string path, string template) =>
        Assert.Equal(template, Catalogue.Find(method, path)?.Template);

    [Theory]
    [InlineData("GET", "/v2/event-types/private-links/private-links", "/v2/event-types/{eventTypeId}/private-links")]
    [InlineData("GET", "/v2/event-types/42/private-links", "/v2/event-types/{eventTypeId}/private-links")]
    [InlineData("GET", "/v2/event-types/ada/private-links/public", "/v2/event-types/{username}/{eventSlug}/public")]
    [InlineData("GET", "/v2/event-types/ada/intro/public", "/v2/event-types/{username}/{eventSlug}/public")]
    [InlineData("POST", "/v2/bookings/by-seat/cancel", "/v2/bookings/{bookingUid}/cancel")]
    public void A_literal_that_leads_nowhere_gives_way_to_the_parameter(string method, string path, string template) =>
        Assert.Equal(template, Catalogue.Find(method, path)?.Template);

    [Fact]
    public void A_literal_without_the_method_gives_way_to_the_parameter()
    {
        Assert.Equal("/v2/bookings/instant", Catalogue.Find("POST", "/v2/bookings/instant")?.Template);
        Assert.Equal("/v2/bookings/{bookingUid}", Catalogue.Find("GET", "/v2/bookings/instant")?.Template);
    }

    [Fact]
    public void HEAD_is_looked_up_as_GET()
    {
        Assert.Same(Catalogue.Find("GET", "/v2/event-types"), Catalogue.Find("HEAD", "/v2/event-types"));
        Assert.Null(Catalogue.Find("HEAD", "/v2/bookings/abc/cancel"));
    }

    [Theory]
    [InlineData("PUT", "/v2/event-types")]
    [InlineData("OPTIONS", "/v2/event-types")]
    [InlineData("GET", "/event-types")]
    [InlineData("GET", "/v2")]
    [InlineData("GET", "/")]
    [InlineData("GET", "")]
    [InlineData("GET", "v2/event-types")]
    [InlineData("GET", "//v2/event-types")]
    [InlineData("GET", "/v2//event-types")]
    [InlineData("GET", "/v2/event-types//")]
    [InlineData("GET", "/v2/bookings//recordings")]
    [InlineData("GET", "/v2/{eventTypeId}")]
    public void What_Cal_com_does_not_route_is_not_found(string method, string path) =>
        Assert.Null(Catalogue.Find(method, path));

    [Fact]
    public void Lookups_allocate_nothing()
    {
        var tooLong = "/v2/event-types/" + new string('a', 8_000);
        string[] paths = ["/v2/event-types", "/V2/Bookings/abc/cancel/", "/v2/event-types/ada/private-links/public", "/v2/none", tooLong];
        LookUp(paths);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
            LookUp(paths);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void LookUp(string[] paths)
    {
        foreach (var path in paths)
        {
            _ = Catalogue.Find("GET", path);
            _ = Catalogue.Find("POST", path);
        }
    }

    private static string Sample(string template) =>
        string.Join('/', template.Split('/').Select(segment => segment.StartsWith('{') ? "sample-1" : segment));
}
