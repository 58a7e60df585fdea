using System.Text;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Tests.Diagnosis.Structures;

public sealed class StructureComparisonTests
{
    [Theory]
    [InlineData("""{"data":[{"id":1,"length":15}]}""", """{"data":[{"id":1}]}""", "data[].length (number) is gone")]
    [InlineData("""{"data":[{"id":1}]}""", """{"data":[{"id":1,"length":15}]}""", "data[].length (number) is new")]
    [InlineData("""{"data":[{"id":1}]}""", """{"data":[{"id":"1"}]}""", "data[].id was number, is string now")]
    [InlineData("""{"data":{"x":"a b"}}""", """{"data":{"x":null}}""", "data.x (string) is null now")]
    [InlineData("""[{"x":1},{"x":2}]""", """[{"x":1},{"x":null}]""", "[].x (number) can be null now")]
    [InlineData("""[{"x":1},{"x":2}]""", """[{"x":1},{}]""", "[].x (number) is not in every object any more")]
    [InlineData("""{"data":{"x":null}}""", """{"data":{"x":1}}""", "data.x was null, is number now")]
    [InlineData("""{"data":["a b"]}""", """{"data":[1]}""", "data[] was string, is number now")]
    [InlineData("""{"s":"accepted"}""", """{"s":"ACCEPTED"}""", "s: 1 value seen before is not seen now|s: 1 value seen now was not seen before")]
    [InlineData("""{"data":[{"id":1},{"id":2}]}""", """{"data":[{"id":2},{"id":1}]}""", "data[]: the same items stand in another order")]
    [InlineData("""{"data":[{"id":1},{"id":2}]}""", """{"data":[{"id":2}]}""", "data[]: 2 items before, 1 item now")]
    [InlineData("""{"data":[1]}""", """{"data":{"all":[1]}}""", "data was list, is object now|data.all (list) is new|data.all[] (number) is new|data[] (number) is gone")]
    [InlineData("""[{"id":1}]""", """{"id":1}""", "the answer was list, is object now|[].id (number) is gone|id (number) is new")]
    [InlineData("""{"pagination":{"currentPage":1}}""", """{"pagination":{"nextCursor":"a b"}}""", "pagination.currentPage (number) is gone|pagination.nextCursor (string) is new|pagination: pages by number before, pages by cursor now")]
    public void A_difference_is_told_by_path_type_and_count(string before, string after, string differences) =>
        Assert.Equal(differences.Split('|').Order(StringComparer.Ordinal), Compare(before, after).Select(difference => difference.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{"data":[{"id":1,"title":"a b"}]}""", """{"data":[{"title":"c d","id":2}]}""")]
    [InlineData("""{"data":{"2026-01-01":[{"start":"01:00"}]}}""", """{"data":{"2026-02-02":[{"start":"02:00"}]}}""")]
    [InlineData("""{"data":{"2026-01-01":[{"start":"a"}]}}""", """{"data":{}}""")]
    [InlineData("""{"x":[1,"a b"]}""", """{"x":["a b",1]}""")]
    public void Values_and_the_order_of_members_are_no_differences(string before, string after) => Assert.Empty(Compare(before, after));

    [Fact]
    public void A_list_without_items_is_not_compared_and_nothing_in_it_is_gone()
    {
        var compared = Whole("""{"data":[{"id":1,"x":2}],"status":"success"}""", """{"data":[],"status":"success"}""");

        Assert.Equal(["data[]: 1 item before, 0 items now"], compared.Differences.Select(difference => difference.ToString()));
        Assert.Equal(["data[]"], compared.NotCompared);
    }

    [Theory]
    [InlineData("""{"status":"success","data":[]}""", false)]
    [InlineData("""{"status":"success","data":{}}""", false)]
    [InlineData("""{"status":"success","data":{"id":1}}""", true)]
    [InlineData("""{"id":1}""", true)]
    public void An_empty_account_has_nothing_to_compare(string body, bool hasData) => Assert.Equal(hasData, Whole(body, body).HasData);

    [Theory]
    [InlineData("""{"data":[{"id":1,"length":15,"a":"x y"}]}""", """{"data":[{"id":1,"lengthInMinutes":15,"a":"x y"}]}""", "data[].length", "data[].lengthInMinutes")]
    [InlineData("""{"data":[{"id":1,"title":"x y"}]}""", """{"data":[{"id":1,"name":"x y"}]}""", "data[].title", "data[].name")]
    [InlineData("""{"a":{"startTime":"x y","endTime":"z"}}""", """{"a":{"start":"x y","end":"z"}}""", "a.endTime", "a.end")]
    public void A_rename_is_told_as_likely(string before, string after, string from, string to)
    {
        var gone = Compare(before, after).Single(difference => difference.Path == from);

        Assert.Equal((Likelihood.Renamed, to), (gone.Likely, gone.Counterpart));
    }

    [Fact]
    public void A_list_that_moved_into_another_object_is_told_as_moved_and_its_renames_are_found_there()
    {
        var differences = Compare(
            """{"data":[{"id":1,"lengthInMinutes":15,"title":"x y","slug":"z"}]}""",
            """{"data":{"groups":[{"types":[{"id":1,"title":"x y","slug":"z","length":15}]}]}}""");

        Assert.Equal((Likelihood.Moved, "data.groups[].types[].title"), Likely(differences, "data[].title"));
        Assert.Equal((Likelihood.Renamed, "data.groups[].types[].length"), Likely(differences, "data[].lengthInMinutes"));
    }

    [Fact]
    public void Another_type_at_another_place_is_no_rename()
    {
        Assert.All(Compare("""{"length":15}""", """{"lengthInMinutes":"15"}"""), difference => Assert.Equal(Likelihood.None, difference.Likely));
        Assert.All(Compare("""{"a":{"length":15}}""", """{"b":{"length":15}}"""), difference => Assert.NotEqual(Likelihood.Renamed, difference.Likely));
    }

    [Fact]
    public void What_two_equal_reads_differ_in_is_noise()
    {
        var compared = StructureComparison.Compare(
            Read("""{"x":1,"sometimes":1,"order":[{"id":1},{"id":2}],"same":1}"""),
            Read("""{"x":1,"order":[{"id":2},{"id":1}],"same":1}"""),
            Read("""{"x":"1","order":[{"id":2},{"id":1}],"same":1}"""));

        Assert.Equal(["x was number, is string now"], compared.Differences.Select(difference => difference.ToString()));
        Assert.Equal(2, compared.Noise);
    }

    [Fact]
    public void What_was_in_both_equal_reads_is_gone_even_where_its_values_came_and_went()
    {
        var compared = StructureComparison.Compare(Read("""{"x":1,"word":"on"}"""), Read("""{"x":1,"word":"off"}"""), Read("""{"x":1}"""));

        Assert.Equal(["word (string) is gone"], compared.Differences.Select(difference => difference.ToString()));
    }

    [Fact]
    public void Additions_alone_break_nobody()
    {
        Assert.False(Whole("""{"data":[{"id":1,"n":null}]}""", """{"data":[{"id":1,"n":2,"y":1},{"id":2,"n":2,"y":1}]}""").IsBreaking);
        Assert.True(Whole("""{"data":[{"id":1,"n":null}]}""", """{"data":[{"id":1}]}""").IsBreaking);
    }

    [Fact]
    public void An_answer_read_in_part_lacks_nothing_that_its_rest_may_have()
    {
        var part = StructureReader.Read(Encoding.UTF8.GetBytes("""{"data":[{"id":1,"slug":"a"},{"id":2"""), isWhole: false);

        Assert.Empty(StructureComparison.Compare(Read("""{"data":[{"id":1,"slug":"b"},{"id":2,"slug":"c"}],"pages":3}"""), part).Differences);
    }

    private static (Likelihood, string?) Likely(IReadOnlyList<StructureDifference> differences, string path)
    {
        var gone = differences.Single(difference => difference.Path == path && difference.Kind == DifferenceKind.Gone);
        return (gone.Likely, gone.Counterpart);
    }

    private static IReadOnlyList<StructureDifference> Compare(string before, string after) => Whole(before, after).Differences;

    private static ComparedStructures Whole(string before, string after) => StructureComparison.Compare(Read(before), Read(after));

    private static AnswerStructure Read(string body) => StructureReader.Read(Encoding.UTF8.GetBytes(body));
}
