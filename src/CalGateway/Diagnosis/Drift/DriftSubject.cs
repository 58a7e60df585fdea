using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Which answers are expected to look alike: those of one read on one route at one version, asked with the same kind of query. A parameter may change
/// what an answer holds, as <c>format=range</c> does; its name counts, and its value where that is a plain word.
/// </summary>
/// <param name="Route">The route's id.</param>
/// <param name="Setup">Tells the route's transforms and destinations of one revision from another's: after an edit it is another subject.</param>
/// <param name="Operation">As in GET /v2/event-types.</param>
/// <param name="Version">That was sent.</param>
/// <param name="Query">What kind of query.</param>
/// <param name="IsSigned">Asked with a credential.</param>
internal sealed record DriftSubject(string Route, string Setup, string Operation, string Version, string Query, bool IsSigned)
{
    private const int LongestWord = 12;
    private const int LongestKind = 200;

    /// <summary>For what gateways share.</summary>
    public string Name => $"structure\n{Route}\n{Setup}\n{Operation}\n{Version}\n{Query}\n{IsSigned}";

    public static string KindOf(QueryString query)
    {
        if (!query.HasValue)
            return "";

        var kind = new StringBuilder();
        foreach (var (name, values) in QueryHelpers.ParseQuery(query.Value).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            kind.Append(name).Append('=').Append(values.Count == 1 && IsWord(values[0]!) ? values[0] : "").Append('&');
            if (kind.Length > LongestKind)
                break;
        }

        return kind.ToString();
    }

    private static bool IsWord(string value) => value.Length is > 0 and <= LongestWord && value.All(char.IsAsciiLetter);
}
