using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Groups the answers that should have the same structure: those of one read on one route at one version with the same kind of query. Query parameters can
/// change the structure, as <c>format=range</c> does, so their names count, and their values where they are plain words.
/// </summary>
/// <param name="Setup">A hash of the route's transforms and destinations: after an edit of them it is another subject.</param>
/// <param name="Operation">Method and template, such as GET /v2/event-types.</param>
/// <param name="Query">The kind of query, by <see cref="KindOf"/>.</param>
/// <param name="IsSigned">True for requests with a credential.</param>
internal sealed record DriftSubject(string Route, string Setup, string Operation, string Version, string Query, bool IsSigned)
{
    private const int MaxWordLength = 12;
    private const int MaxKindLength = 200;

    /// <summary>The key under which gateways share what they have learned.</summary>
    public string Name => $"structure\n{Route}\n{Setup}\n{Operation}\n{Version}\n{Query}\n{IsSigned}";

    public static string KindOf(QueryString query)
    {
        if (!query.HasValue)
            return "";

        var kind = new StringBuilder();
        foreach (var (name, values) in QueryHelpers.ParseQuery(query.Value).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            kind.Append(name).Append('=').Append(values.Count == 1 && IsWord(values[0]!) ? values[0] : "").Append('&');
            if (kind.Length > MaxKindLength)
                break;
        }

        return kind.ToString();
    }

    private static bool IsWord(string value) => value.Length is > 0 and <= MaxWordLength && value.All(char.IsAsciiLetter);
}
