using System.Text;
using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Environment variables that are settings are validated by the same schema as the file.</summary>
public sealed class OverlayTests
{
    [Theory]
    [InlineData("CalGateway:Cache:Policies:event-types:Fresh", "00:05:00")]
    [InlineData("CALGATEWAY:CACHE:POLICIES:EVENT-TYPES:FRESH", "00:05:00")]
    [InlineData("ReverseProxy:Routes:event-types:Order", "-1")]
    [InlineData("ReverseProxy:Routes:event-types:Transforms:1:CalApiVersion", "2024-06-14")]
    [InlineData("ReverseProxy:Clusters:calcom:HttpClient:EnableMultipleHttp2Connections", "True")]
    public void One_that_is_a_setting_takes_effect(string key, string value)
    {
        var attempt = Create(key, value);

        Assert.Empty(attempt.Findings);
        Assert.Contains(attempt.Revision!.Settings, setting => setting.Value == value && setting.Source.StartsWith("environment variable", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CalGateway:Cach:Policies:event-types:Fresh", "00:05:00", "did you mean \"Cache\"")]
    [InlineData("CalGateway:Cache:Policies:event-types:Fresh", "5 minutes", "must be a duration")]
    [InlineData("CalGateway:Cache", "on", "name one of them")]
    [InlineData("CalGateway:Management:Url", "https://localhost:5081", "must be an address to listen on (http, host and port)")]
    [InlineData("CalGateway:Pins", "Enforced", "did you mean \"Enforce\"")]
    [InlineData("ReverseProxy:Routes:event-types:Transforms:first:CalApiVersion", "2024-06-14", "known: \"0\"")]
    [InlineData("ReverseProxy:Routes:event-types:RouteId", "event-types", "is not a setting here")]
    [InlineData("ReverseProxy:Routes:event-types:Order", "99999999999", "must be a whole number")]
    public void One_that_is_none_is_refused_by_its_name(string key, string value, string words)
    {
        var attempt = Create(key, value);

        Assert.Null(attempt.Revision);
        var error = Assert.Single(attempt.Errors);
        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_of_one_names_the_variable_and_no_line_of_the_file()
    {
        var warning = Assert.Single(Create("ReverseProxy:Routes:event-types:Transforms:1:CalApiVersion", "2024-06-41").Findings);

        Assert.Contains("did you mean 2024-06-14?", warning.Message, StringComparison.Ordinal);
        Assert.Contains("environment variable ReverseProxy__Routes__event-types__Transforms__1__CalApiVersion", warning.Message, StringComparison.Ordinal);
        Assert.Equal(0, warning.Line);
    }

    [Theory]
    [InlineData("ReverseProxy:Routes:booking:OutputCachePolicy", "event-types", "no \"booking\" under ReverseProxy:Routes; did you mean \"bookings\"?")]
    [InlineData("ReverseProxy:Routes:event-type:Transforms:1:CalApiVersion", "2024-06-11", "did you mean \"event-types\"?")]
    [InlineData("ReverseProxy:Routes:nowhere:Order", "1", "there are \"event-types\"")]
    [InlineData("ReverseProxy:Clusters:calcon:LoadBalancingPolicy", "RoundRobin", "did you mean \"calcom\"?")]
    [InlineData("ReverseProxy:Clusters:calcom:Destinations:apis:Host", "example.com", "did you mean \"api\"?")]
    public void One_for_a_part_that_nobody_has_defined_is_refused_with_the_name_that_was_meant(string key, string value, string words)
    {
        var attempt = Create(key, value);

        var finding = Assert.Single(attempt.Findings);
        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), finding.Message, StringComparison.Ordinal);
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
        Assert.Equal(0, finding.Line);
    }

    [Theory]
    [InlineData("CalGateway:Cache:Policies:event-type:Fresh", "00:05:00", "no \"event-type\" under CalGateway:Cache:Policies; did you mean \"event-types\"?")]
    [InlineData("CalGateway:Cache:Policies:evnt-types:Tags:0", "event-types", "did you mean \"event-types\"?")]
    [InlineData("CalGateway:Cache:Policies:bookigs:Fresh", "00:05:00", "did you mean \"bookings\"?")]
    [InlineData("CalGateway:Access:Credentials:acount-b:Variable", "KEY_B", "did you mean \"account-b\"?")]
    [InlineData("CalGateway:Access:Mod", "ApiKey", "did you mean \"Mode\"?")]
    [InlineData("CalGateway:Management:Uri", "http://localhost:5081", "did you mean \"Url\"?")]
    [InlineData("CalGateway:Access:RateLimit:Request", "5", "did you mean \"Requests\"?")]
    [InlineData("CalGateway:Cache:Policies:event-types:Frsh", "00:05:00", "did you mean \"Fresh\"?")]
    [InlineData("ReverseProxy:Route:event-types:Order", "1", "did you mean \"Routes\"?")]
    [InlineData("ReverseProxy:Routes:event-types:Match:Methds:0", "GET", "did you mean \"Methods\"?")]
    [InlineData("ReverseProxy:Clusters:calcom:HttpRequest:ActivityTimout", "00:00:10", "did you mean \"ActivityTimeout\"?")]
    public void A_mistyped_name_anywhere_is_refused_with_the_one_that_was_meant(string key, string value, string words)
    {
        var attempt = Create(key, value, new()
        {
            ["ReverseProxy:Routes:bookings:OutputCachePolicy"] = "bookings", ["CalGateway:Cache:Policies:bookings:Fresh"] = "00:00:05",
            ["CalGateway:Access:Credentials:account-b:Variable"] = "KEY_B", ["CalGateway:Access:Consumers:b:Credential"] = "account-b",
            ["CalGateway:Access:Consumers:b:Keys:0:Hash"] = CalGateway.Access.Callers.KeyHash.Of("a-key-of-b-0123456789-0123456789").ToString(), ["CalGateway:Access:Mode"] = "ApiKey",
        });

        var error = Assert.Single(attempt.Errors);
        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, error.Line);
    }

    [Theory]
    [InlineData("CalGatewey__Access__Mode", "Anonymous", "did you mean \"CalGateway\"?")]
    [InlineData("CALGATEWY__ACCESS__MODE", "Anonymous", "did you mean \"CalGateway\"?")]
    [InlineData("ReversProxy__Routes__event-types__Order", "1", "did you mean \"ReverseProxy\"?")]
    [InlineData("CALGATEWAY_ACCESS_MODE", "Anonymous", "settings are written with two underscores between names, CalGateway__Access__Mode")]
    [InlineData("CalGateway_Access__Mode", "Anonymous", "CalGateway__Access__Mode")]
    [InlineData("CalGateway__Access_Mode", "Anonymous", "CalGateway__Access__Mode")]
    [InlineData("CalGateway_Pins", "Enforce", "CalGateway__Pins")]
    [InlineData("CalGateway__Acess__Mode", "Anonymous", "did you mean \"Access\"?")]
    public void A_mistyped_section_or_underscore_is_refused_as_any_other_name(string name, string value, string words)
    {
        var error = Assert.Single(Judge(new() { [name] = value }).Errors);

        Assert.Contains($"The environment variable {name} is refused: ", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_sees_a_section_that_is_mistyped()
    {
        await using var check = GatewayProcess.Start(["check"], new Dictionary<string, string> { ["CalGatewey__Access__Mode"] = "Anonymous" });

        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains("did you mean \"CalGateway\"?", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_resembles_a_setting_is_left_alone() => Assert.Empty(Judge(new()
    {
        ["ApiGateway__Access__Mode"] = "Anonymous", ["CALGATEWAY_IMAGE"] = "calgateway:1", ["CALGATEWAY_CONFIG"] = "", ["CalGateway"] = "x", ["CALGATEWAY_ACCESS_MODE_OF_OURS"] = "1",
    }).Findings);

    /// <summary>The shipped file, under these environment variables.</summary>
    private static RevisionAttempt Judge(Dictionary<string, string?> environment) =>
        TestRevision.Factory(new Dictionary<string, string?>(new Launch(null, Sandbox: false, null, environment).Overlay)).Create(Encoding.UTF8.GetBytes(GatewayFixture.ShippedSettings));

    [Fact]
    public void A_cache_policy_that_nothing_asks_for_is_warned_of()
    {
        var warning = Assert.Single(Create("CalGateway:Cache:Policies:somewhere-else:Fresh", "00:05:00").Findings);

        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains("CalGateway__Cache__Policies__somewhere-else__Fresh has no effect", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_route_may_come_from_the_environment()
    {
        var overlay = new Dictionary<string, string?>
        {
            ["ReverseProxy:Routes:booking:ClusterId"] = "calcom", ["ReverseProxy:Routes:booking:Match:Path"] = "/booking/{**rest}",
            ["ReverseProxy:Routes:booking:Transforms:0:CalApiVersion"] = "2024-08-13",
        };

        var attempt = TestRevision.Factory(overlay).Create(Encoding.UTF8.GetBytes(GatewayFixture.ShippedSettings));
        Assert.Empty(attempt.Errors);
        Assert.Contains(attempt.Revision!.Routes, route => route.RouteId == "booking");
    }

    private static RevisionAttempt Create(string key, string value, Dictionary<string, string?>? others = null) =>
        TestRevision.Factory(new Dictionary<string, string?>(others ?? []) { [key] = value }).Create(Encoding.UTF8.GetBytes(GatewayFixture.ShippedSettings));
}
