using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Recent;

/// <summary>
/// A request as the status page may show it: the catalogue's operation or, where there is none, the words of its path. Ids, names and addresses
/// are left out: they are personal, and a key may be among them.
/// </summary>
internal static partial class RequestLabel
{
    private const string Prefix = "/calcom";
    private const string Hidden = "{…}";
    private const int MostSegments = 8;

    public static string Of(CalComCatalogue catalogue, GatewayCall call)
    {
        var method = call.Request.Method;
        var path = call.Request.Path.Value ?? "";
        var below = path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? path.AsSpan(Prefix.Length) : path;

        // Of what was refused before access could decide about it, nobody has looked the operation up; of a call of API v1 the call has the one of v2.
        var known = call.Operation is { } decided && !ApiV1Calls.Owns(below) ? decided : catalogue.Find(method, below);
        return known is { } operation ? operation.ToString() : $"{MethodOf(method)} {WordsOf(path)}";
    }

    private static string MethodOf(string method) => Word().IsMatch(method) ? method : Hidden;

    private static string WordsOf(string path)
    {
        var segments = path.Split('/', MostSegments + 2);
        var shown = segments.Take(MostSegments + 1).Select(segment => segment.Length == 0 || Word().IsMatch(segment) ? segment : Hidden);
        return string.Join('/', shown) + (segments.Length > MostSegments + 1 ? "/…" : "");
    }

    /// <summary>Words of a path: letters and hyphens, or an API's version.</summary>
    [GeneratedRegex(@"^([A-Za-z][A-Za-z_-]{0,39}|v\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
