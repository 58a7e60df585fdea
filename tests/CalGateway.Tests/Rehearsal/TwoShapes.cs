using System.Text.Json;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Rehearsal;

/// <summary>
/// The paths and types that two answers of the sandbox really have, read by other means than the gateway's: what a rehearsal tells is held
/// against it.
/// </summary>
internal static partial class TwoShapes
{
    /// <summary>Asks the sandbox itself.</summary>
    public static async Task<Dictionary<string, HashSet<string>>> AskAsync(SandboxHost sandbox, string path, string version)
    {
        using var client = new HttpClient { BaseAddress = sandbox.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", $"Bearer {sandbox.ApiKey}");
        request.Headers.Add("cal-api-version", version);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var paths = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        Walk("", document.RootElement, paths);
        return paths;
    }

    /// <summary>What one has and the other has not. What is in a list's items cannot be told of a list that has none.</summary>
    public static List<string> Only(Dictionary<string, HashSet<string>> one, Dictionary<string, HashSet<string>> other) =>
        [.. one.Keys.Where(path => !other.ContainsKey(path) && !other.Keys.Any(list => IsEmptyList(list, other) && path.StartsWith(list + "[]", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];

    private static bool IsEmptyList(string path, Dictionary<string, HashSet<string>> paths) =>
        paths[path].SetEquals([nameof(JsonValueKind.Array)]) && !paths.Keys.Any(below => below.StartsWith(path + "[]", StringComparison.Ordinal));

    private static void Walk(string path, JsonElement element, Dictionary<string, HashSet<string>> paths)
    {
        var isItemOfObjects = path.EndsWith("[]", StringComparison.Ordinal) && element.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        if (path.Length > 0 && !isItemOfObjects)
        {
            if (!paths.TryGetValue(path, out var types))
                paths[path] = types = [];
            types.Add(element.ValueKind.ToString());
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Walk(path + "[]", item, paths);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                var name = Day().IsMatch(member.Name) ? "{date}" : member.Name;
                Walk(path.Length == 0 ? name : $"{path}.{name}", member.Value, paths);
            }
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex Day();
}
