using CalGateway.Catalogue.Matching;

namespace CalGateway.Tests.Catalogue;

public class EditDistanceTests
{
    [Theory]
    [InlineData("cancel", "cancel", 0)]
    [InlineData("CANCEL", "cancel", 0)]
    [InlineData("cancle", "cancel", 1)]
    [InlineData("acncel", "cancel", 1)]
    [InlineData("cancl", "cancel", 1)]
    [InlineData("caancel", "cancel", 1)]
    [InlineData("cansel", "cancel", 1)]
    [InlineData("consle", "cancel", 3)]
    [InlineData("", "me", 2)]
    [InlineData("", "", 0)]
    public void Letters_mistyped_are_counted_and_a_swap_counts_once(string typed, string known, int distance) =>
        Assert.Equal(distance, EditDistance.Bounded(typed, known, limit: 3));

    [Theory]
    [InlineData("completely", "different")]
    [InlineData("c", "cancel")]
    public void Beyond_the_limit_nothing_more_is_said(string typed, string known) =>
        Assert.Equal(3, EditDistance.Bounded(typed, known, limit: 2));
}
