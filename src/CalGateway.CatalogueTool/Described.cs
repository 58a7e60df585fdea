using System.Text.Json;

namespace CalGateway.CatalogueTool;

/// <summary>An operation as an OpenAPI document has it.</summary>
/// <param name="Version">The cal-api-version that clients are told to send; null for any.</param>
/// <param name="Auth">In the words of operations.txt.</param>
internal sealed record Described(string Method, string Path, string? Version, string Auth)
{
    public static async Task<IReadOnlyList<Described>> ReadAsync(Stream json)
    {
        using var document = await JsonDocument.ParseAsync(json);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("paths", out var paths))
            throw new InvalidDataException("The description is no OpenAPI document: it has no paths.");

        try
        {
            return
            [
                .. from path in paths.EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   where operation.Name is "get" or "post" or "put" or "patch" or "delete"
                   select Of(operation.Name.ToUpperInvariant(), path.Name, operation.Value),
            ];
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidDataException($"The description is no OpenAPI document: {failure.Message}", failure); // a number where an object belongs
        }
    }

    private static Described Of(string method, string path, JsonElement operation)
    {
        var headers = operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => Text(parameter, "in") == "header").ToList()
            : [];
        var version = headers.Where(header => Text(header, "name") == "cal-api-version").Select(VersionIn).FirstOrDefault();
        var key = headers.Find(header => Text(header, "name") == "Authorization");
        return new Described(method, path, version, AuthIn(key));
    }

    private static string AuthIn(JsonElement key) => key.ValueKind switch
    {
        JsonValueKind.Undefined => "none",
        _ => key.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.True ? "required" : "optional",
    };

    private static string? VersionIn(JsonElement header) => header.TryGetProperty("schema", out var schema) ? Text(schema, "default") : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
