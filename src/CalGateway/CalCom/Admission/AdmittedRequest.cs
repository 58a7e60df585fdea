using CalGateway.CalCom.Traffic;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Admission;

/// <summary>Sends a request that the gateway itself initiates, once it is admitted, and records what becomes of it: for metrics, quota and circuit.</summary>
/// <param name="lease">The admission of the request.</param>
/// <param name="plan">The route that the request is sent for.</param>
/// <param name="traffic">Records every request to Cal.com.</param>
/// <param name="mayFail">
/// True where a failure is to be expected, as at a version that Cal.com may not serve. It then says nothing about how Cal.com is.
/// </param>
internal readonly struct AdmittedRequest(AdmissionLease lease, RoutePlan plan, UpstreamTraffic traffic, bool mayFail = false)
{
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">There was none in time, which counts as a failure of Cal.com's.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, HttpRequestMessage request, CancellationToken cancellation)
    {
        var sent = traffic.Begin(plan, request.Method.Method, lease.Demand.Destination);
        lease.Sent();
        try
        {
            var answer = await client.SendAsync(request, cancellation);
            if (mayFail)
            {
                traffic.AnsweredAside(sent, answer);
                lease.AnsweredAside(answer);
            }
            else
            {
                traffic.Answered(sent, answer);
                lease.Answered(answer);
            }

            return answer;
        }
        catch (Exception failure)
        {
            if (mayFail)
                traffic.FailedAside(sent, FailureWords.Of(failure));
            else
                traffic.Failed(sent, FailureWords.Of(failure));
            lease.Failed(isUpstreams: !mayFail, hadConnection: !FailureWords.HadNoConnection(failure));
            throw;
        }
    }
}
