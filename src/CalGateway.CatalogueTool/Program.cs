using System.Globalization;
using System.Text.Json;
using CalGateway.Catalogue.Reading;
using CalGateway.CatalogueTool;

// Renews src/CalGateway/Catalogue/operations.txt from a newer OpenAPI description of Cal.com's API v2:
//
//   dotnet run --project src/CalGateway.CatalogueTool -- openapi.json 2026-11-01 src/CalGateway/Catalogue/operations.txt
//
// The description tells only current handlers, one version each. What it cannot tell stands in operations.txt already and is
// carried over: legacy versions, what no description has, risk, notes. What is new is listed, for somebody to judge.
if (args is not [var description, var day, var catalogue]
    || !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
{
    await Console.Error.WriteLineAsync("usage: CalGateway.CatalogueTool OPENAPI-JSON DATE OPERATIONS-TXT");
    return 2;
}

try
{
    await using var json = File.OpenRead(description);
    var renewed = Renewal.Of(await File.ReadAllTextAsync(catalogue), await Described.ReadAsync(json), date);
    CatalogueReader.Read(new StringReader(renewed.Text)); // throws, with the line, rather than write what the gateway cannot read
    await File.WriteAllTextAsync(catalogue, renewed.Text);
    foreach (var change in renewed.Changes)
        Console.WriteLine(change);
    Console.WriteLine($"{renewed.Changes.Count} changes; run the tests, and read the difference before it is committed.");
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
{
    await Console.Error.WriteLineAsync($"CalGateway.CatalogueTool: {failure.Message} Nothing was written.");
    return 1;
}
