using System.Globalization;
using CalGateway.Catalogue;

namespace CalGateway.Doctor.Matrix;

/// <summary>The request that stands for a family of endpoints in the matrix: a GET that changes nothing.</summary>
/// <param name="Name">The family's name in the report.</param>
internal sealed record FamilyRead(string Name, Operation Operation, string Target)
{
    /// <summary>The name as the head of a column, shortened so that the table fits into 80 columns.</summary>
    public string Column => Name.Replace("-resources", "", StringComparison.Ordinal);

    public static FamilyRead EventTypes(CalComCatalogue catalogue) => Of(catalogue, "event-types", "/v2/event-types");

    /// <summary>The families that come after the event types: some need the id of one of these.</summary>
    public static IEnumerable<FamilyRead> Others(CalComCatalogue catalogue, EventTypeSeen? known, DateTimeOffset now)
    {
        yield return Of(catalogue, "bookings", "/v2/bookings", "?take=1");
        yield return Of(catalogue, "schedules", "/v2/schedules");
        yield return Of(catalogue, "slots", "/v2/slots", $"?start={Day(now, 1)}&end={Day(now, 2)}{(known is null ? "" : $"&eventTypeId={Number(known)}")}");
        if (known is not null)
            yield return Of(catalogue, "private-links", $"/v2/event-types/{Number(known)}/private-links");
    }

    public static FamilyRead VerifiedResources(CalComCatalogue catalogue) => Of(catalogue, "verified-resources", "/v2/verified-resources/emails");

    private static FamilyRead Of(CalComCatalogue catalogue, string name, string path, string query = "") =>
        new(name, catalogue.Find("GET", path) ?? throw new InvalidOperationException($"The catalogue has no GET {path}."), path + query);

    private static string Number(EventTypeSeen known) => known.Id.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset now, int ahead) => now.UtcDateTime.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
