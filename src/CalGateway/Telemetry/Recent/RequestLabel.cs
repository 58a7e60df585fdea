using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Recent;

/// <summary>
/// A request as the status page may show it: the operation of the catalogue or, if there is none, the words of the path. Ids, names and addresses
/// are left out, because they are personal and one of them may be a key.
/// </summary>
internal static partial class RequestLabel
{
    private const string Prefix = "/calcom";
    private const string Hidden = "{…}";
    private const int MaxSegments = 8;

    public static string Of(CalComCatalogue catalogue, GatewayCall call)
    {
        var method = call.Request.Method;
        var path = call.Request.Path.Value ?? "";
        var below = path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? path.AsSpan(Prefix.Length) : path;

        // A request that was refused early has no operation yet, and a call of API v1 has that of the equivalent call of v2; both are looked up here.
        var known = call.Operation is { } decided && !ApiV1Calls.Owns(below) ? decided : catalogue.Find(method, below);
        return known is { } operation ? operation.ToString() : $"{MethodOf(method)} {WordsOf(path)}";
    }

    private static string MethodOf(string method) => Word().IsMatch(method) ? method : Hidden;

    private static string WordsOf(string path)
    {
        var segments = path.Split('/', MaxSegments + 2);
        var shown = segments.Take(MaxSegments + 1).Select(segment => segment.Length == 0 || Word().IsMatch(segment) ? segment : Hidden);
        return string.Join('/', shown) + (segments.Length > MaxSegments + 1 ? "/…" : "");
    }

    /// <summary>A word of a path: letters and hyphens, or the version of an API.</summary>
    [GeneratedRegex(@"^([A-Za-z][A-Za-z_-]{0,39}|v\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
