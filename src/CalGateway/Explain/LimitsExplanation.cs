using CalGateway.Access.Settings;
using CalGateway.CalCom;
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
    /// <summary>How many requests of one key may be at Cal.com at once; 0 for any number, null for another cluster.</summary>
    public int? AtOnce { get; init; }

    /// <summary>What may be sent a second time: <c>reads</c>, or <c>unsent</c> for a write, which only goes again where it found no connection; <c>nothing</c> where that is switched off.</summary>
    public string? Retried { get; init; }

    /// <summary>YARP's default.</summary>
    private static readonly TimeSpan DefaultActivityTimeout = TimeSpan.FromSeconds(100);

    public static LimitsExplanation Of(RoutePlan plan, AccessOptions settings, RouteModel route, UpstreamOptions upstream, string method)
    {
        var cluster = route.Cluster?.Model.Config;
        return new LimitsExplanation(
            plan.Body.Bytes, AccessExplainer.RateLimitOf(settings.RateLimit), cluster?.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout,
            cluster?.HttpClient?.MaxConnectionsPerServer, plan.Timeout)
        {
            AtOnce = CalComCluster.Is(cluster?.ClusterId) ? upstream.MaxConcurrency : null,
            Retried = !CalComCluster.Is(cluster?.ClusterId) ? null
                : upstream.Retry is not { Enabled: true, Budget: > 0 } ? "nothing"
                : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? "reads" : "unsent",
        };
    }

    public override string ToString() => FormattableString.Invariant(
        $"request body {BodyBytes} bytes; each address {EachAddress ?? "as often as it likes"}; Cal.com silent for {AnswerWithin:c}{(InAll is { } all ? $"; {all:c} in all" : "")}{(ConnectionsToCalCom is { } most ? $"; {most} connections to Cal.com" : "")}") + Protection();

    private string Protection() => AtOnce is not { } atOnce ? "" : FormattableString.Invariant(
        $"; {(atOnce == 0 ? "any number of" : $"at most {atOnce}")} requests of a key at Cal.com at once; {RetriedInWords}");

    private string RetriedInWords => Retried switch
    {
        "reads" => "sent once more where it gets no answer, or 502, 503 or 504",
        "unsent" => "sent once more only where it found no connection",
        _ => "never sent a second time",
    };
}
