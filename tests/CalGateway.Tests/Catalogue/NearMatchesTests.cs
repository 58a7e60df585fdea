using CalGateway.Catalogue;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Tests.Catalogue;

public class NearMatchesTests
{
    [Theory]
    [InlineData("GET", "/v2/event-typos", "GET /v2/event-types")]
    [InlineData("GET", "/v2/eventtypes", "GET /v2/event-types")]
    [InlineData("HEAD", "/v2/Event-Type", "GET /v2/event-types")]
    [InlineData("POST", "/v2/bookings/abc/cancle", "POST /v2/bookings/{bookingUid}/cancel")]
    [InlineData("GET", "/v2/bookings/abc/cancle", "POST /v2/bookings/{bookingUid}/cancel")]
    [InlineData("POST", "/v2/booking", "POST /v2/bookings")]
    [InlineData("PATCH", "/v2/event-type/42", "PATCH /v2/event-types/{eventTypeId}")]
    [InlineData("GET", "/v2/event-types/42/private-link", "GET /v2/event-types/{eventTypeId}/private-links")]
    [InlineData("GET", "/v2//event-types", "GET /v2/event-types")]
    public void A_slip_of_the_pen_is_put_right(string method, string path, string meant) =>
        Assert.Equal(meant, Near(method, path).Suggestions[0]);

    [Theory]
    [InlineData("GET", "/v2/users/me", "GET /v2/me")]
    [InlineData("GET", "/api/v2/slots", "GET /v2/slots")]
    [InlineData("GET", "/v1/event-types", "GET /v2/event-types")]
    public void A_segment_too_many_is_forgiven(string method, string path, string meant)
    {
        var near = Near(method, path);

        Assert.Equal(meant, near.Suggestions[0]);
        Assert.False(near.MissingV2Prefix);
    }

    [Fact]
    public void A_parameter_left_out_is_thought_of() =>
        Assert.Equal(
            ["GET /v2/bookings/{bookingUid}", "POST /v2/bookings/{bookingUid}/cancel"],
            Near("POST", "/v2/bookings/cancel").Suggestions.Take(2));

    [Fact]
    public void The_same_path_with_another_method_comes_first()
    {
        Assert.Equal(["GET /v2/event-types", "POST /v2/event-types"], Near("PUT", "/v2/event-types").Suggestions.Take(2));
        Assert.Equal("POST /v2/bookings/{bookingUid}/cancel", Near("GET", "/v2/bookings/abc/cancel").Suggestions[0]);
    }

    [Theory]
    [InlineData("/event-types", "GET /v2/event-types")]
    [InlineData("/Schedules/Default/", "GET /v2/schedules/default")]
    [InlineData("/bookings/abc/recordings", "GET /v2/bookings/{bookingUid}/recordings")]
    [InlineData("/event-typos", "GET /v2/event-types")]
    public void A_missing_v2_is_said_so(string path, string meant)
    {
        var near = Near("GET", path);

        Assert.True(near.MissingV2Prefix);
        Assert.Equal(meant, near.Suggestions[0]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/v2")]
    [InlineData("/v2/xx")]
    [InlineData("/wp-login.php")]
    [InlineData("/v2/quite/another/thing")]
    public void What_resembles_nothing_gets_no_suggestion(string path)
    {
        var near = Near("GET", path);

        Assert.Empty(near.Suggestions);
        Assert.False(near.MissingV2Prefix);
    }

    [Fact]
    public void There_are_at_most_three_and_none_twice()
    {
        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var suggestions = Near("TRACE", operation.Template).Suggestions;
            Assert.InRange(suggestions.Count, 1, NearMatches.MaxSuggestions);
            Assert.Distinct(suggestions);
        }
    }

    private static NearMatches Near(string method, string path) => CalComCatalogue.Default.FindNearMatches(method, path);
}
