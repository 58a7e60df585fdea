using CalGateway.Catalogue;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Tests.Catalogue;

/// <summary>Work is counted, not timed. A step is a node entered or a word of at most 40 letters compared.</summary>
public class HostilePathTests
{
    [Fact]
    public void Thousands_of_segments_cost_nothing() => Assert.Equal(0, Steps(Repeat("/a", 4_096)));

    [Fact]
    public void A_path_of_8_KB_costs_nothing() => Assert.Equal(0, Steps("/v2/" + new string('a', 8_188)));

    [Fact]
    public void As_many_segments_as_are_looked_at_cost_little()
    {
        Assert.InRange(Steps(Repeat("/v2", NearMatches.MaxPathSegments)), 1, 500);
        Assert.InRange(Steps("/v2" + Repeat("/teams", NearMatches.MaxPathSegments - 1)), 1, 500);
    }

    [Fact]
    public void Paths_made_to_resemble_the_most_operations_cost_little()
    {
        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            Assert.InRange(Steps(operation.Template), 1, 500);
            Assert.InRange(Steps(operation.Template.Replace('e', 'x')), 1, 500);
            Assert.InRange(Steps("/v2/organizations" + operation.Template["/v2".Length..] + "/teams"), 1, 500);
        }
    }

    private static int Steps(string path) => CalComCatalogue.Default.FindNearMatches("GET", path).Steps;

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
