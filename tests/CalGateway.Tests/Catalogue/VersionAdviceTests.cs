using CalGateway.Catalogue;

namespace CalGateway.Tests.Catalogue;

public class VersionAdviceTests
{
    [Fact]
    public void A_known_version_is_itself()
    {
        var advice = CalComCatalogue.Default.Advise("2024-08-13");

        Assert.True(advice is { Known: true, NewerThanCatalogue: false });
        Assert.Equal(("2024-08-13", "2024-08-13"), (advice.Nearest, advice.TakenFor));
    }

    [Fact]
    public void A_hosted_version_is_known() => Assert.True(CalComCatalogue.Default.Advise("2026-02-25").Known);

    [Theory]
    [InlineData("2024-06-41", "2024-06-14")]
    [InlineData("2024-6-14", "2024-06-14")]
    [InlineData("20240813", "2024-08-13")]
    [InlineData("2024-08-31", "2024-08-13")]
    [InlineData(" 2024-09-04", "2024-09-04")]
    [InlineData("2024-04-16", "2024-04-15")]
    [InlineData("\"2024-06-11\"", "2024-06-11")]
    public void A_mistyped_version_has_a_nearest_one_but_is_taken_for_the_default(string version, string nearest)
    {
        var advice = CalComCatalogue.Default.Advise(version);

        Assert.False(advice.Known);
        Assert.Equal(nearest, advice.Nearest);
        Assert.Equal("2024-04-15", advice.TakenFor);
    }

    [Theory]
    [InlineData("2024-06-41", false)]
    [InlineData("2024-07-01", false)]
    [InlineData("2031-01-01", true)]
    [InlineData("2031-13-01", false)]
    [InlineData("zzz", false)]
    public void A_date_after_the_newest_known_version_may_be_one_that_Cal_com_has_and_we_do_not(string version, bool newer) =>
        Assert.Equal(newer, CalComCatalogue.Default.Advise(version).NewerThanCatalogue);

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1999-12-31")]
    public void What_resembles_no_version_has_no_nearest_one(string version) =>
        Assert.Null(CalComCatalogue.Default.Advise(version).Nearest);

    [Fact]
    public void A_very_long_value_is_no_trouble() => Assert.Null(CalComCatalogue.Default.Advise(new string('2', 8_192)).Nearest);
}
