using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;

namespace CalGateway.Caching.Serving;

/// <summary>The hosts and headers that, besides text and caller, decide the route and the stored answer of a request in a revision.</summary>
internal sealed class RequestMarks(Revision revision)
{
    /// <summary>Stands for several version headers. The pin is sent for them, as for a version that Cal.com does not have.</summary>
    private const string SeveralVersions = ",";

    private readonly bool _isUsable = revision.Routes.All(route => route.Match.Hosts is not { Count: > 0 });

    private readonly string[] _headers =
    [
        .. revision.Routes.SelectMany(route => route.Match.Headers ?? []).Select(header => header.Name)
            .Concat(revision.Plans.Values.SelectMany(plan => plan.Part<CachePlan>()?.LetThrough ?? [])).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private readonly bool _takesCallersVersion = revision.Plans.Values.Any(plan => plan.TakesCallersVersion);

    /// <summary>
    /// The version that the request asks for, or empty if that makes no difference. Null if the request has to be routed: some route matches by host, or by a
    /// header that the request has, or an answer depends on such a header. Requests without such headers are all routed alike.
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
