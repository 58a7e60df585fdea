using CalGateway.Catalogue;
using CalGateway.Catalogue.Reading;

namespace CalGateway.Tests.Catalogue;

public class CatalogueReaderTests
{
    private const string Head = """
        # four lines of head
        date     2026-08-18
        version  2024-06-14
        version  2024-04-15  default

        """;

    [Fact]
    public void A_line_becomes_an_operation()
    {
        var catalogue = Read(
            "GET  /v2/a/{b}  2024-06-14|2024-04-15  2024-06-14  optional|none  owner-write  unconfirmed  mind the gap");

        var operation = Assert.Single(catalogue.Operations);
        Assert.Equal("GET /v2/a/{b}", operation.ToString());
        Assert.Equal("a", operation.Family);
        Assert.Equal(AuthRequirement.Optional, operation.Auth);
        Assert.Equal(Risk.OwnerWrite, operation.Risk);
        Assert.True(operation.Unconfirmed);
    }

    [Theory]
    [InlineData("GET /v2/a all - none")]
    [InlineData("FETCH /v2/a all - none public")]
    [InlineData("GET v2/a all - none public")]
    [InlineData("GET /v2/a/ all - none public")]
    [InlineData("GET /v2//a all - none public")]
    [InlineData("GET /v2/a 2024-06-41 - none public")]
    [InlineData("GET /v2/a 2024-04-15,2024-06-14 - none public")]
    [InlineData("GET /v2/a 2024-06-14|2024-04-15|2024-04-15 - none public")]
    [InlineData("GET /v2/a 2024-04-15 2024-06-14 none public")]
    [InlineData("GET /v2/a all - 1 public")]
    [InlineData("GET /v2/a all - none dreadful")]
    [InlineData("version 2025-01-01")]
    [InlineData("version 2023-01-01 beta")]
    [InlineData("date yesterday")]
    public void A_malformed_line_is_named(string line) =>
        Assert.Contains("line 5:", Assert.Throws<InvalidDataException>(() => Read(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_operation_twice_is_named_even_under_another_parameter_name()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Read("GET /v2/a/{b} all - none public\nGET /v2/a/{c} all - none public"));

        Assert.Contains("line 6: GET /v2/a/{c}", fault.Message, StringComparison.Ordinal);
    }

    private static CalComCatalogue Read(string lines)
    {
        using var text = new StringReader(Head + lines);
        return CatalogueReader.Read(text);
    }
}
