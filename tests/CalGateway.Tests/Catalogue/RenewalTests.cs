using System.Text;
using CalGateway.Catalogue;
using CalGateway.Catalogue.Reading;
using CalGateway.CatalogueTool;

namespace CalGateway.Tests.Catalogue;

public sealed class RenewalTests
{
    private static readonly DateOnly Day = new(2027, 1, 31);

    private static string Shipped
    {
        get
        {
            using var text = new StreamReader(typeof(CalComCatalogue).Assembly.GetManifestResourceStream(typeof(CalComCatalogue), "operations.txt")!);
            return text.ReadToEnd();
        }
    }

    [Fact]
    public void A_description_without_news_changes_the_date_alone()
    {
        var described = CalComCatalogue.Default.Operations.Where(operation => !operation.Unconfirmed).Select(operation => new Described(operation.Method, operation.Template, operation.RecommendedVersion, "required"));

        var renewed = Renewal.Of(Shipped, [.. described], Day);

        Assert.Empty(renewed.Changes);
        Assert.Equal(Shipped.Replace("2026-08-18", "2027-01-31", StringComparison.Ordinal), renewed.Text);
    }

    [Fact]
    public void What_was_unconfirmed_and_is_described_is_so_no_longer()
    {
        var unconfirmed = CalComCatalogue.Default.Operations.Where(operation => operation.Unconfirmed).ToList();

        var renewed = Renewal.Of(Shipped, [.. unconfirmed.Select(operation => new Described(operation.Method, operation.Template, null, "required"))], Day);

        Assert.NotEmpty(unconfirmed);
        Assert.Equal(unconfirmed.Count, renewed.Changes.Count);
        Assert.DoesNotContain(CatalogueReader.Read(new StringReader(renewed.Text)).Operations, operation => operation.Unconfirmed);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{ \"openapi\": \"3.0.0\" }")]
    [InlineData("{ \"paths\": 5 }")]
    [InlineData("{ \"paths\": { \"/v2/me\": { \"get\": { \"parameters\": {} } } } }")]
    public async Task What_is_no_description_is_refused(string json) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Described.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public async Task News_is_added_listed_and_readable_and_what_was_kept_by_hand_stays()
    {
        const string OpenApi = """
            { "paths": {
              "/v2/event-types": { "get": { "parameters": [
                { "name": "cal-api-version", "in": "header", "schema": { "default": "2027-01-01" } }, { "name": "Authorization", "in": "header", "required": false }] } },
              "/v2/bookings": { "get": { "parameters": [{ "name": "cal-api-version", "in": "header", "schema": { "default": "2027-01-01" } }] } },
              "/v2/bookings/{bookingUid}/echo": { "post": { "parameters": [{ "name": "Authorization", "in": "header", "required": true }] }, "summary": {} },
              "/v2/weather": { "get": {} }
            } }
            """;
        var described = await Described.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(OpenApi)));

        var renewed = Renewal.Of(Shipped, described, Day);
        var catalogue = CatalogueReader.Read(new StringReader(renewed.Text));

        Assert.Equal(5, renewed.Changes.Count);
        Assert.Equal(Day, catalogue.Date);
        Assert.Equal("2027-01-01", catalogue.KnownVersions[0]);
        var list = catalogue.Find("GET", "/v2/event-types")!;
        Assert.Equal("2027-01-01", list.RecommendedVersion);
        Assert.Equal(["2027-01-01", "2026-05-01", "2026-02-25", "2024-08-13"], catalogue.Find("GET", "/v2/bookings")!.Versions.Take(4));
        Assert.Equal(["2024-06-11", "2024-04-15"], list.LegacyVersions);
        Assert.Equal(Risk.OwnerWrite, catalogue.Find("POST", "/v2/bookings/x/echo")!.Risk);
        Assert.Equal("weather", catalogue.Find("GET", "/v2/weather")!.Family);
        Assert.Equal(CalComCatalogue.Default.Operations.Count + 2, catalogue.Operations.Count);
    }
}
