using System.Text;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Tests.Diagnosis.Structures;

public sealed class StructureReaderTests
{
    [Fact]
    public void A_path_names_members_items_and_types()
    {
        var data = Read("""{ "data": [{ "id": 1, "tags": ["a"] }, { "id": 2, "tags": [], "note": null }] }""").Root.Members["data"];

        Assert.Equal(JsonTypes.List, data.Types);
        Assert.Equal(2, data.Items);
        Assert.Equal(["id", "tags", "note"], data.Item!.Members.Keys);
        Assert.Equal(JsonTypes.String, data.Item.Members["tags"].Item!.Types);
        Assert.Equal(JsonTypes.Null, data.Item.Members["note"].Types);
        Assert.Equal((1, 2), (data.Item.Members["note"].Seen, data.Item.WholeObjects));
    }

    [Theory]
    [InlineData("2026-11-28", "{date}")]
    [InlineData("2026-11-28T10:00:00.000Z", "{date}")]
    [InlineData("3928133", "{number}")]
    [InlineData("6f0c1f0e-6a1d-4c65-9d0b-0d9f6f6f2b11", "{id}")]
    [InlineData("a6f0c1f0e", "{id}")]
    [InlineData("hJQ4wGkN7vTzcR2bXyLm9P", "{id}")]
    [InlineData("k3x7", "{id}")]
    [InlineData("cal_live_abcdef", "{key}")]
    [InlineData("ada@example.com", "{key}")]
    [InlineData("Ada Caller", "{key}")]
    [InlineData("", "{key}")]
    [InlineData("data.name[]", "{key}")]
    [InlineData("lockTimeZoneToggleOnBookingPage", null)]
    [InlineData("address2", null)]
    [InlineData("x-cal_id", null)]
    public void Keys_that_are_data_are_folded(string key, string? folded) => Assert.Equal(folded, FoldedName.Of(key));

    [Fact]
    public void Names_with_a_digit_are_ids_among_ids_wherever_they_stand()
    {
        var data = Read("""{ "data": { "k0abc": { "a": 1 }, "k7919def": { "b": 1 }, "k15abc": { "c": 1 }, "total": 3 } }""").Root.Members["data"];

        Assert.Equal(["total", "{id}"], data.Members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b", "c"], data.Members["{id}"].Members.Keys.Order());
        Assert.Equal(3, data.Members["{id}"].Seen);
    }

    [Fact]
    public void Slots_by_date_are_one_path()
    {
        var slots = Read("""{ "data": { "2026-11-28": [{ "start": "a" }], "2026-11-29": [{ "start": "b" }] } }""").Root.Members["data"];

        Assert.Equal(["{date}"], slots.Members.Keys);
        Assert.Equal(2, slots.Members["{date}"].Items);
    }

    [Fact]
    public void A_hundred_thousand_different_keys_are_one()
    {
        var body = new StringBuilder("{");
        for (var index = 0; index < 100_000; index++)
            body.Append(index == 0 ? "" : ",").Append($"\"k{Letters(index)}\":{{\"v\":1}}");

        var structure = Read(body.Append('}').ToString());

        Assert.Equal(["{key}"], structure.Root.Members.Keys);
        Assert.Equal(["v"], structure.Root.Members["{key}"].Members.Keys);
    }

    [Fact]
    public void Different_keys_at_every_level_stay_within_the_bound_of_paths()
    {
        var body = new StringBuilder("{");
        for (var outer = 0; outer < 150; outer++)
            body.Append($"\"o{Letters(outer)}\":{{{string.Join(',', Enumerable.Range(0, 150).Select(inner => $"\"i{Letters(inner)}\":0"))}}},");

        var structure = Read(body.Append("\"z\":0}").ToString());

        Assert.Equal(StructureFault.Bounded, structure.Fault);
        Assert.InRange(Count(structure.Root), 1000, StructureReader.MaxPaths + 1);
    }

    [Theory]
    [InlineData("", StructureFault.NotJson)]
    [InlineData("<html></html>", StructureFault.NotJson)]
    [InlineData("\"text\"", StructureFault.NotJson)]
    [InlineData("17", StructureFault.NotJson)]
    [InlineData("{", StructureFault.Broken)]
    [InlineData("""{ "data": [{ "id": 1 }, { "i""", StructureFault.Broken)]
    [InlineData("""{ "data": 1 } and more""", StructureFault.Broken)]
    [InlineData("""{ "data": 1 }""", StructureFault.None)]
    [InlineData("[]", StructureFault.None)]
    public void What_is_no_whole_JSON_is_told(string body, object fault) => Assert.Equal((StructureFault)fault, Read(body).Fault);

    [Fact]
    public void What_was_read_before_an_answer_broke_off_counts_and_what_was_not_is_not_missing()
    {
        var item = Read("""{ "data": [{ "id": 1, "slug": "a" }, { "id": 2 """).Root.Members["data"].Item!;

        Assert.Equal(2, item.Members["id"].Seen);
        Assert.Equal(1, item.WholeObjects); // so that the second item does not lack its slug
    }

    [Fact]
    public void Depth_is_bounded_whatever_is_sent()
    {
        var nested = Read(string.Concat(Enumerable.Repeat("""{"a":""", 200_000)) + "1" + new string('}', 200_000));
        var lists = Read(new string('[', 500_000));

        Assert.Equal(StructureFault.Bounded, nested.Fault);
        Assert.NotEqual(StructureFault.None, lists.Fault);
        Assert.InRange(Count(nested.Root), 1, StructureReader.MaxDepth + 1);
    }

    [Fact]
    public void Of_a_huge_answer_the_first_megabyte_is_read()
    {
        var body = "[" + string.Join(',', Enumerable.Repeat("""{"id":1,"text":"0123456789"}""", 400_000)) + "]";

        var structure = Read(body);

        Assert.Equal(StructureFault.Bounded, structure.Fault);
        Assert.Equal(["id", "text"], structure.Root.Item!.Members.Keys);
    }

    private static AnswerStructure Read(string body) => StructureReader.Read(Encoding.UTF8.GetBytes(body));

    private static string Letters(int number) => string.Concat(number.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));

    private static int Count(StructureNode node) => node.Members.Values.Sum(Count) + (node.Item is null ? 0 : Count(node.Item)) + 1;
}
