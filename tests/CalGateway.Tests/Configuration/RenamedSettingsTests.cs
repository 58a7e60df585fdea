using System.Text;
using CalGateway.Access;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Names that settings had in the version before.</summary>
public sealed class RenamedSettingsTests
{
    private static readonly Version Running = new(0, 2, 3, 0);

    private static readonly RenamedSetting[] Renamed =
    [
        new("CalGateway:Cache:Policies:*", "Ttl", "Fresh", new Version(0, 3)),
        new("CalGateway", "Operators", "Management", new Version(0, 3)),
    ];

    private static string Shipped => GatewayFixture.ShippedSettings;

    [Fact]
    public void An_old_name_is_taken_for_the_new_one_with_a_warning_at_its_place()
    {
        var attempt = Judge(Shipped.Replace("\"Fresh\": \"00:01:00\"", "\"ttl\": \"00:00:42\"", StringComparison.Ordinal));

        var warning = Assert.Single(attempt.Findings);
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Matches(@"^yarp\.json:\d+:\d+ warning: ""ttl"" is called ""Fresh"" now\. The old name is understood until version 0\.3; write the new one\.$", warning.Describe("yarp.json"));
        Assert.Equal("00:00:42", attempt.Revision!.Settings.Find("CalGateway:Cache:Policies:event-types:Fresh")!.Value);
    }

    [Fact]
    public void So_is_the_name_of_a_whole_section_and_what_is_wrong_in_it_is_told_as_ever()
    {
        var good = Judge(Shipped.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Operators\": { \"Url\": \"\" },", StringComparison.Ordinal));
        var bad = Judge(Shipped.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Operators\": { \"Uri\": \"\" },", StringComparison.Ordinal));

        Assert.Equal("", good.Revision!.Settings.Find("CalGateway:Management:Url")!.Value);
        Assert.Contains(bad.Errors, error => error.Message.Contains("\"Uri\" is not a setting here", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_names_at_once_are_refused()
    {
        var attempt = Judge(Shipped.Replace("\"Fresh\":", "\"Ttl\": \"00:00:42\", \"Fresh\":", StringComparison.Ordinal));

        Assert.Contains(attempt.Errors, error => error.Message == "\"Ttl\" is called \"Fresh\" now, and both are given. Remove \"Ttl\".");
    }

    [Fact]
    public void Environment_variables_are_understood_in_the_same_way()
    {
        var attempt = Judge(Shipped, new() { ["CalGateway:Cache:Policies:event-types:TTL"] = "00:00:42", ["CalGateway:Operators:Url"] = "" });
        var both = Judge(Shipped, new() { ["CalGateway:Operators:Url"] = "", ["CalGateway:Management:Url"] = "" });

        Assert.Equal("00:00:42", attempt.Revision!.Settings.Find("CalGateway:Cache:Policies:event-types:Fresh")!.Value);
        Assert.Contains(attempt.Findings, finding => finding.Message
            == "The environment variable CalGateway__Operators__Url is called CalGateway__Management__Url now. The old name is understood until version 0.3.");
        Assert.Contains(both.Errors, error => error.Message.StartsWith("The environment variables CalGateway__Operators__Url and CalGateway__Management__Url are one setting", StringComparison.Ordinal));
    }

    [Fact]
    public void After_one_minor_version_the_old_name_is_no_setting()
    {
        var attempt = Judge(Shipped.Replace("\"Fresh\": \"00:01:00\"", "\"Ttl\": \"00:00:42\"", StringComparison.Ordinal), running: new Version(0, 3, 0, 0));

        Assert.Contains(attempt.Errors, error => error.Message.StartsWith("\"Ttl\" is not a setting here", StringComparison.Ordinal));
    }

    private static RevisionAttempt Judge(string settings, Dictionary<string, string?>? overlay = null, Version? running = null) =>
        new RevisionFactory("yarp.json", overlay ?? [], null, RevisionParts.Of(AccessInputs.OfSettingsAlone([])), new RenamedSettings(Renamed, running ?? Running)).Create(Encoding.UTF8.GetBytes(settings));
}
