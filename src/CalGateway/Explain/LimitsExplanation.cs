using CalGateway.Access.Settings;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>The limits of a request, besides the rate limit of its caller.</summary>
/// <param name="BodyBytes">The largest request body; a larger one gets 413.</param>
/// <param name="EachAddress">The rate limit of each client address; null for none.</param>
/// <param name="AnswerWithin">How long Cal.com may send nothing before the caller gets 504.</param>
/// <param name="ConnectionsToCalCom">The largest number of connections to Cal.com at a time; null for no limit.</param>
/// <param name="InAll">How long the caller waits in total; null for no limit.</param>
internal sealed record LimitsExplanation(long BodyBytes, string? EachAddress, TimeSpan AnswerWithin, int? ConnectionsToCalCom, TimeSpan? InAll)
{
    /// <summary>YARP's default.</summary>
    private static readonly TimeSpan DefaultActivityTimeout = TimeSpan.FromSeconds(100);

    public static LimitsExplanation Of(RoutePlan plan, AccessOptions settings, RouteModel route)
    {
        var cluster = route.Cluster?.Model.Config;
        return new LimitsExplanation(
            plan.Body.Bytes, AccessExplainer.RateLimitOf(settings.RateLimit), cluster?.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout,
            cluster?.HttpClient?.MaxConnectionsPerServer, plan.Timeout);
    }

    public override string ToString() => FormattableString.Invariant(
        $"request body {BodyBytes} bytes; each address {EachAddress ?? "as often as it likes"}; Cal.com silent for {AnswerWithin:c}{(InAll is { } all ? $"; {all:c} in all" : "")}{(ConnectionsToCalCom is { } most ? $"; {most} connections to Cal.com" : "")}");
}
