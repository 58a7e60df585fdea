using Microsoft.AspNetCore.Routing.Matching;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// Of routes between which nothing else decides, the one whose name comes first takes the request. Without a last word of this kind routing answers
/// a request that two of them match with 500. It is spoken while the table is made, and costs a request nothing.
/// </summary>
internal sealed class NameOrder : MatcherPolicy, IEndpointComparerPolicy, IComparer<Endpoint>
{
    /// <summary>After everything that ASP.NET Core and YARP tell routes apart by.</summary>
    public override int Order => int.MaxValue;

    public IComparer<Endpoint> Comparer => this;

    /// <summary>The gateway's own endpoints, which have no such name, come before any route.</summary>
    public int Compare(Endpoint? x, Endpoint? y) => Compare(NameOf(x), NameOf(y));

    public static int Compare(string? name, string? other) => StringComparer.OrdinalIgnoreCase.Compare(name, other);

    private static string? NameOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;
}
