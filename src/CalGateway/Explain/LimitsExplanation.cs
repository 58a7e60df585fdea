using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>What bounds a request, besides a caller's own share.</summary>
/// <param name="BodyBytes">The largest request body; above it 413.</param>
/// <param name="EachAddress">The share of each client address; null where it has none.</param>
/// <param name="AnswerWithin">For how long Cal.com may be silent before 504.</param>
/// <param name="ConnectionsToCalCom">The most at a time; null where they are not bounded.</param>
/// <param name="InAll">For how long the caller waits in all; null for as long as it takes.</param>
internal sealed record LimitsExplanation(long BodyBytes, string? EachAddress, TimeSpan AnswerWithin, int? ConnectionsToCalCom, TimeSpan? InAll)
{
    /// <summary>YARP's, where the cluster says nothing.</summary>
    private static readonly TimeSpan DefaultActivityTimeout = TimeSpan.FromSeconds(100);

    public static LimitsExplanation Of(RoutePlan plan, AccessOptions settings, RouteModel route)
    {
        var cluster = route.Cluster?.Model.Config;
        return new LimitsExplanation(
            plan.Body.Bytes, WhoMay.ShareOf(settings.RateLimit), cluster?.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout,
            cluster?.HttpClient?.MaxConnectionsPerServer, plan.Timeout);
    }

    public override string ToString() => FormattableString.Invariant(
        $"request body {BodyBytes} bytes; each address {EachAddress ?? "as often as it likes"}; Cal.com silent for {AnswerWithin:c}{(InAll is { } all ? $"; {all:c} in all" : "")}{(ConnectionsToCalCom is { } most ? $"; {most} connections to Cal.com" : "")}");
}
