using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// What a request to Cal.com holds from its admission until its end: its part of the quota and its place. Whoever sends the request reports here what becomes
/// of it, and disposes the lease at the end. A request that was never sent then counts nowhere.
/// </summary>
/// <param name="place">Its place in the bulkhead; null for a refusal.</param>
/// <param name="quota">Its part of the key's quota; null for a refusal.</param>
internal sealed class AdmissionLease(string destination, Refusal? refusal, UpstreamPlace? place, QuotaLease? quota) : IDisposable
{
    public Refusal? Refusal => refusal;

    /// <summary>To be called when the request is sent.</summary>
    public void Sent() => quota?.Sent();

    /// <summary>To be called when the headers of Cal.com's answer have come.</summary>
    /// <param name="mayFail">
    /// True for a request of the gateway's own that may be expected to fail, for example at a version that Cal.com does not serve. The circuit then counts neither
    /// its success nor its failure.
    /// </param>
    public void Answered(HttpResponseMessage answer, bool mayFail = false)
    {
        quota?.Answered(answer);
        place?.Report((int)answer.StatusCode switch
        {
            >= StatusCodes.Status500InternalServerError => mayFail ? Outcome.Unknown : Outcome.Failure,
            >= StatusCodes.Status400BadRequest => Outcome.Answered,
            _ => mayFail ? Outcome.Answered : Outcome.Success,
        });
    }

    /// <summary>To be called when there will be no answer.</summary>
    /// <param name="isUpstreams">True if Cal.com or the network failed; false if the caller hung up.</param>
    /// <param name="hadConnection">False if there was no connection, so that the request was certainly not sent.</param>
    public void Failed(bool isUpstreams, bool hadConnection)
    {
        quota?.Failed(hadConnection);
        place?.Report(isUpstreams ? Outcome.Failure : Outcome.Unknown);
    }

    /// <summary>Sends an admitted request of the gateway's own, and records its result for metrics, quota and circuit.</summary>
    /// <param name="mayFail">As for <see cref="Answered"/>.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">There was no answer in time. This counts as a failure of Cal.com.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpMessageInvoker client, RoutePlan plan, UpstreamTraffic traffic, bool mayFail, CancellationToken cancellation)
    {
        var sent = traffic.Begin(plan, request.Method.Method, destination);
        Sent();
        try
        {
            var answer = await client.SendAsync(request, cancellation);
            traffic.Answered(sent, answer, mayFail);
            Answered(answer, mayFail);
            return answer;
        }
        catch (Exception failure)
        {
            traffic.Failed(sent, ErrorTypes.Of(failure), mayFail);
            Failed(isUpstreams: !mayFail, hadConnection: !ErrorTypes.HadNoConnection(failure));
            throw;
        }
    }

    public void Dispose()
    {
        quota?.Dispose();
        place?.Release();
    }
}
