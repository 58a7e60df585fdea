using System.Text;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

public sealed class SettingsTextTests
{
    [Fact]
    public void The_shipped_file_has_nothing_to_find() => Assert.Empty(FindingsOf(GatewayFixture.ShippedSettings));

    [Fact]
    public void Comments_trailing_commas_a_byte_order_mark_and_Windows_line_ends_are_accepted()
    {
        var text = GatewayFixture.ShippedSettings
            .Replace("\"Clusters\": {", "// where to\r\n /* the one */ \"Clusters\": {", StringComparison.Ordinal)
            .Replace("\"https://api.cal.com\"", "\"https://api.cal.com\",", StringComparison.Ordinal)
            .ReplaceLineEndings("\r\n");

        Assert.Empty(FindingsOf([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]));
    }

    [Fact]
    public void UTF_16_is_refused_with_the_way_out()
    {
        var text = GatewayFixture.ShippedSettings;

        Assert.All(
            new[] { Encoding.Unicode, Encoding.BigEndianUnicode },
            encoding => Assert.Contains("Save it as UTF-8", Assert.Single(FindingsOf([.. encoding.Preamble, .. encoding.GetBytes(text)])).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_are_taken_in_any_case()
    {
        var text = GatewayFixture.ShippedSettings
            .Replace("\"ReverseProxy\"", "\"REVERSEPROXY\"", StringComparison.Ordinal)
            .Replace("\"CalApiVersion\"", "\"calapiversion\"", StringComparison.Ordinal);

        Assert.Empty(FindingsOf(text));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void A_column_counts_characters_as_an_editor_does(string lineEnd)
    {
        var finding = Assert.Single(FindingsOf($"{{{lineEnd}\"ReverseProxy\": {{ /* ß€😀 */ \"Rutes\": 1 }} }}"), finding => finding.Message.Contains("Rutes", StringComparison.Ordinal));

        Assert.Equal((2, 30), (finding.Line, finding.Column));
    }

    [Fact]
    public void Everything_is_found_at_once()
    {
        var text = GatewayFixture.ShippedSettings
            .Replace("\"OutputCachePolicy\"", "\"OutputCachePolcy\"", StringComparison.Ordinal)
            .Replace("\"00:00:30\"", "30", StringComparison.Ordinal)
            .Replace("\"Fresh\"", "\"Fresch\"", StringComparison.Ordinal);

        Assert.Equal(
            ["OutputCachePolicy", "OutputCachePolicy", "OutputCachePolicy", "00:00:30", "Fresh"],
            FindingsOf(text).Select(finding => finding.Message.Split('"')[^2]));
    }

    [Fact]
    public void A_megabyte_of_mistakes_is_told_in_fifty_and_a_number()
    {
        var mistakes = string.Join(",", Enumerable.Range(0, 60_000).Select(number => $"\"{number}\":1"));

        var findings = FindingsOf($"{{{mistakes}}}");

        Assert.Equal(51, findings.Count);
        Assert.StartsWith("There are 59951 more", findings[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_looks_like_a_key_is_never_quoted()
    {
        var text = GatewayFixture.ShippedSettings.Replace("\"00:00:30\"", "\"cal_live_0123456789abcdef\"", StringComparison.Ordinal);

        Assert.DoesNotContain("0123456789abcdef", Assert.Single(FindingsOf(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_does_not_become_a_setting()
    {
        var text = SettingsText.Parse("""{ "ReverseProxy": { "Routes": { "a": { "Order": "first", "ClusterId": "calcom" } } } }"""u8, []);

        Assert.Equal(["ReverseProxy:Routes:a:ClusterId"], text!.Values.Keys);
    }

    private static List<Finding> FindingsOf(string text) => FindingsOf(Encoding.UTF8.GetBytes(text));

    private static List<Finding> FindingsOf(byte[] utf8)
    {
        var findings = new List<Finding>();
        SettingsText.Parse(utf8, findings);
        return findings;
    }
}
