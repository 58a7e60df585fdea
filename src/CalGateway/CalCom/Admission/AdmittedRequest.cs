using CalGateway.CalCom.Traffic;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Admission;

/// <summary>Sends an admitted request of the gateway's own, and records its result for metrics, quota and circuit.</summary>
/// <param name="plan">The route that the request is sent for.</param>
/// <param name="traffic">Records every request to Cal.com.</param>
/// <param name="mayFail">
/// True if a failure may be expected, for example at a version that Cal.com does not serve. It then does not count as a failure of Cal.com.
/// </param>
internal readonly struct AdmittedRequest(AdmissionLease lease, RoutePlan plan, UpstreamTraffic traffic, bool mayFail = false)
{
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">There was no answer in time. This counts as a failure of Cal.com.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, HttpRequestMessage request, CancellationToken cancellation)
    {
        var sent = traffic.Begin(plan, request.Method.Method, lease.Demand.Destination);
        lease.Sent();
        try
        {
            var answer = await client.SendAsync(request, cancellation);
            traffic.Answered(sent, answer, mayFail);
            lease.Answered(answer, mayFail);
            return answer;
        }
        catch (Exception failure)
        {
            traffic.Failed(sent, ErrorTypes.Of(failure), mayFail);
            lease.Failed(isUpstreams: !mayFail, hadConnection: !ErrorTypes.HadNoConnection(failure));
            throw;
        }
    }
}
