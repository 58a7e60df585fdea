using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;

namespace CalGateway.Caching.Serving;

/// <summary>What else of a request, besides its text and its caller, decides its route and its stored answer: hosts and headers, as a revision's routes match them.</summary>
internal sealed class RequestMarks
{
    /// <summary>Several versions count as none: the pin is sent, as for a version that Cal.com does not have.</summary>
    private const string SeveralVersions = ",";

    private readonly bool _isUsable;
    private readonly string[] _headers;
    private readonly bool _takesCallersVersion;

    private RequestMarks(bool isUsable, string[] headers, bool takesCallersVersion)
    {
        _isUsable = isUsable;
        _headers = headers;
        _takesCallersVersion = takesCallersVersion;
    }

    public static RequestMarks Of(Revision revision) => new(
        revision.Routes.All(route => route.Match.Hosts is not { Count: > 0 }),
        [
            .. revision.Routes.SelectMany(route => route.Match.Headers ?? []).Select(header => header.Name)
                .Concat(revision.Plans.Values.SelectMany(plan => plan.Part<CachePlan>()?.LetThrough ?? [])).Distinct(StringComparer.OrdinalIgnoreCase),
        ],
        revision.Plans.Values.Any(plan => plan.TakesCallersVersion));

    /// <summary>
    /// The version that the request asks for, or empty where that makes no difference. Null where some route matches by host, or by a header that the request
    /// has, or where an answer depends on such a header: then the request has to be routed. Requests without any such header are all routed alike.
    /// </summary>
    public string? VersionOf(HttpRequest request)
    {
        if (!_isUsable)
            return null;

        var headers = request.Headers;
        foreach (var name in _headers)
        {
            if (headers.ContainsKey(name))
                return null;
        }

        if (!_takesCallersVersion || !headers.TryGetValue(ApiVersionPin.Header, out var sent))
            return "";
        return sent.Count == 1 ? sent[0] ?? "" : SeveralVersions;
    }
}
