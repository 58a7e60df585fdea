using Microsoft.AspNetCore.Routing.Matching;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// Decides between routes that match the same request and have equal precedence: the one whose name comes first in the alphabet wins. Without it,
/// routing would answer such a request with 500. It is applied while the routing table is built, so it costs requests nothing.
/// </summary>
internal sealed class NameOrder : MatcherPolicy, IEndpointComparerPolicy, IComparer<Endpoint>
{
    /// <summary>Last, after all policies of ASP.NET Core and YARP.</summary>
    public override int Order => int.MaxValue;

    public IComparer<Endpoint> Comparer => this;

    /// <summary>The gateway's own endpoints have no route id and come before all routes.</summary>
    public int Compare(Endpoint? x, Endpoint? y) => Compare(NameOf(x), NameOf(y));

    public static int Compare(string? name, string? other) => StringComparer.OrdinalIgnoreCase.Compare(name, other);

    private static string? NameOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;
}
