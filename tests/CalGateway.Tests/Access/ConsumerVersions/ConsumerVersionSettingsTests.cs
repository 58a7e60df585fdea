using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.Access.ConsumerVersions.ConsumerVersionScene;

namespace CalGateway.Tests.Access.ConsumerVersions;

/// <summary>Which <c>Versions</c> of a consumer are refused or warned of, and where.</summary>
public sealed class ConsumerVersionSettingsTests
{
    [Theory]
    [InlineData("bookins", "2024-08-13", "Consumer \"desk\" has a version for the route \"bookins\", and there is no such route; did you mean \"bookings\"?")]
    [InlineData("calendars-of-mine", "2024-08-13", "Consumer \"desk\" has a version for the route \"calendars-of-mine\", and there is no such route. There are \"")]
    [InlineData("unpinned", "2024-08-13", "Consumer \"desk\" has a version for the route \"unpinned\", which pins none, so that nothing would be sent.")]
    [InlineData("bookings", "next year", "\"bookings\" must be a version of Cal.com's API")]
    [InlineData("bookings", "", "\"bookings\" must be a version of Cal.com's API")]
    [InlineData("bookings", "999999999999999999999999999999999", "\"bookings\" must be a version of Cal.com's API")]
    public void What_cannot_be_meant_is_refused_with_its_line(string route, string version, string told)
    {
        var settings = Written($"\"{route}\": \"{version}\"");
        var error = Assert.Single(TestRevision.From(settings).Errors);

        Assert.StartsWith(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf(settings, $"\"{route}\": \"{version}\""), error.Line);
    }

    [Theory]
    [InlineData("\"bookings\": 20240813", "2024-08-13")]
    [InlineData("\"bookings\": null", "null")]
    [InlineData("\"bookings\": [\"2024-08-13\"]", "a list")]
    [InlineData("\"bookings\": { \"Verison\": \"2024-08-13\" }", "\"Version\"")]
    [InlineData("\"bookings\": { \"Unverified\": true }", "lacks \"Version\"")]
    [InlineData("\"bookings\": \"2024-08-13\", \"Bookings\": \"2024-06-14\"", "Bookings")]
    public void What_is_written_in_another_form_is_refused_with_its_line(string member, string told)
    {
        var settings = Written(member);
        var error = TestRevision.From(settings).Errors.First();

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf(settings, member), error.Line);
    }

    [Theory]
    [InlineData("bookings", "2031-01-01", "Consumer \"desk\" on route \"bookings\": Cal.com does not know this version and will silently answer as 2024-04-15")]
    [InlineData("bookings", "2024-08-31", "Consumer \"desk\" on route \"bookings\": Cal.com does not know this version and will silently answer as 2024-04-15; did you mean 2024-08-13?")]
    [InlineData("Event-Types", Missing, "Consumer \"desk\" on route \"event-types\": Cal.com has no route of event-types at 2024-08-13")]
    public void A_doubted_version_is_warned_of_or_refused_as_a_pin_would_be_unless_it_is_acknowledged(string route, string version, string told)
    {
        var settings = Written($"\"{route}\": \"{version}\"");
        var warning = Assert.Single(TestRevision.From(settings).Findings);
        Assert.StartsWith(told, warning.Message, StringComparison.Ordinal);
        Assert.Equal((Severity.Warning, LineOf(settings, $"\"{version}\"")), (warning.Severity, warning.Line));
        Assert.DoesNotContain("beside it", warning.Message, StringComparison.Ordinal); // there is nothing to write it beside

        var enforced = settings.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Pins\": \"Enforce\",", StringComparison.Ordinal);
        Assert.Equal(Severity.Error, Assert.Single(TestRevision.From(enforced).Findings).Severity);

        var acknowledged = enforced.Replace($"\"{route}\": \"{version}\"", $"\"{route}\": {{ \"Version\": \"{version}\", \"Unverified\": true }}", StringComparison.Ordinal);
        Assert.Empty(TestRevision.From(acknowledged).Findings);
    }

    [Fact]
    public void What_the_route_acknowledges_is_acknowledged_for_the_same_version_and_no_other()
    {
        var settings = Written("\"bookings\": \"2031-01-01\"").Replace("{ \"CalApiVersion\": \"2024-08-13\" }", "{ \"CalApiVersion\": \"2031-01-01\", \"Unverified\": \"true\" }", StringComparison.Ordinal);
        Assert.Empty(TestRevision.From(settings).Findings);
        Assert.Single(TestRevision.From(settings.Replace("\"bookings\": \"2031-01-01\"", "\"bookings\": \"2032-01-01\"", StringComparison.Ordinal)).Findings);
    }

    [Fact]
    public void A_variable_can_say_it_and_is_named_where_it_is_wrong()
    {
        var settings = Written("\"bookings\": \"2024-08-13\"");
        var good = TestRevision.Factory(new() { ["CalGateway:Access:Consumers:desk:Versions:bookings"] = "2024-06-14" }).Create(System.Text.Encoding.UTF8.GetBytes(settings));
        var bad = TestRevision.Factory(new() { ["CalGateway:Access:Consumers:desk:Versions:bookins"] = "2024-06-14" }).Create(System.Text.Encoding.UTF8.GetBytes(settings));

        Assert.NotNull(good.Revision);
        Assert.Contains("CalGateway__Access__Consumers__desk__Versions__bookins", Assert.Single(bad.Errors).Message, StringComparison.Ordinal);
    }
}
