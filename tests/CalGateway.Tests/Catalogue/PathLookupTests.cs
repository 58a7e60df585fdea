using CalGateway.Catalogue;

namespace CalGateway.Tests.Catalogue;

public class PathLookupTests
{
    private static readonly CalComCatalogue Catalogue = CalComCatalogue.Default;

    [Fact]
    public void A_path_has_all_its_methods() => Assert.Equal(["GET", "PATCH", "DELETE"], Methods("/v2/event-types/42"));

    [Fact]
    public void A_path_that_two_templates_fit_has_the_methods_of_both_and_the_literal_one_first()
    {
        Assert.Equal(["POST /v2/bookings/instant", "GET /v2/bookings/{bookingUid}"], Named("/v2/bookings/instant"));
        Assert.Equal(
            ["GET /v2/schedules/default", "PATCH /v2/schedules/{scheduleId}", "DELETE /v2/schedules/{scheduleId}"],
            Named("/v2/schedules/default/"));
    }

    [Fact]
    public void An_unknown_path_has_none() => Assert.Empty(Methods("/v2/event-typos"));

    private static IEnumerable<string> Methods(string path) => Catalogue.FindPath(path).Select(operation => operation.Method);

    private static IEnumerable<string> Named(string path) => Catalogue.FindPath(path).Select(operation => operation.ToString());
}
