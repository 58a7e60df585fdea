using System.Diagnostics;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Connections;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.CalCom.V1;
using CalGateway.Diagnosis;
using CalGateway.Doctor.Matrix;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Doctor;

/// <summary>Sends the doctor's requests to Cal.com: reads only, one at a time, a limited number, each with a short timeout.</summary>
internal sealed class Probe(Uri upstream, Signature signature, int maxRequests, QuotaOptions quota, TimeProvider clock) : IDisposable
{
    /// <summary>Those of the version matrix, <c>/v2/me</c> and one of API v1.</summary>
    public const int MaxRequests = LiveMatrix.MaxRequests + 2;

    private const int MaxBodyBytes = 1024 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _client = new(new QuerySigningHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = Timeout, ActivityHeadersPropagator = new UpstreamPropagator(static () => false),
    }));

    private readonly QuotaLimiter _quota = new(() => quota, metrics: null, clock);
    private int? _remaining;
    private int _timeouts;

    public int Count { get; private set; }

    /// <summary>Why no more requests are sent; null while they may be.</summary>
    public string? Stopped { get; private set; }

    /// <param name="path">Cal.com's path, such as /v2/me, perhaps with a query.</param>
    /// <param name="version">The API version to send; null to send none.</param>
    public Task<ProbeAnswer> ReadAsync(string path, string? version, CancellationToken cancellation)
    {
        var request = RequestFor(path);
        request.Headers.Authorization = signature.Header;
        if (version is not null)
            request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, version);
        return SendAsync(request, cancellation);
    }

    /// <summary>Reads from API v1, which expects the key in the query.</summary>
    public Task<ProbeAnswer> ReadV1Async(string path, CancellationToken cancellation)
    {
        var request = RequestFor(path);
        request.Options.Set(CalApiKeyQueryTransform.SignWith, new QuerySignature(signature, "apiKey"));
        return SendAsync(request, cancellation);
    }

    public void Dispose()
    {
        _client.Dispose();
        _quota.Dispose();
    }

    private HttpRequestMessage RequestFor(string path) => new(HttpMethod.Get, new Uri(upstream.AbsoluteUri.TrimEnd('/') + path))
    {
        Version = System.Net.HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private async Task<ProbeAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            if (Count >= maxRequests)
                Stopped ??= $"the {maxRequests} requests that the doctor allows itself are used up";
            using var lease = Stopped is null ? await AdmitAsync(cancellation) : null;
            if (Stopped is not null)
                return new ProbeAnswer { NotAsked = true, Failure = Stopped };

            if (Count++ > 0)
                await Task.Delay(RequestPacing.Delay(upstream, _remaining), clock, cancellation);

            var answer = await TryAsync(request, lease!, cancellation);
            _remaining = answer.Remaining ?? _remaining;
            Stopped = RequestPacing.ReasonToStop(answer, _timeouts);
            return answer;
        }
    }

    /// <summary>The key's requests belong to the callers of a gateway that may be running: what is kept for them is left to them.</summary>
    private async Task<QuotaLease> AdmitAsync(CancellationToken cancellation)
    {
        var lease = (QuotaLease)await _quota.AcquireAsync(UpstreamDemand.OfGateway(signature, upstream.AbsoluteUri), permitCount: 1, cancellation);
        if (!lease.IsAcquired)
            Stopped = $"only {_quota.Read(signature)?.Left ?? 0} requests are left of the key's quota, and those are for the callers";
        return lease;
    }

    private async Task<ProbeAnswer> TryAsync(HttpRequestMessage request, QuotaLease lease, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        var started = Stopwatch.GetTimestamp();
        try
        {
            lease.Sent();
            using var response = await _client.SendAsync(request, deadline.Token);
            lease.Answered(response);
            var body = await ReadAsync(response.Content, deadline.Token);
            return new ProbeAnswer
            {
                Status = (int)response.StatusCode,
                MediaType = response.Content.Headers.ContentType?.MediaType,
                Body = body,
                Error = UpstreamError.Parse(body, signature),
                Elapsed = Stopwatch.GetElapsedTime(started),
                RetryAfter = CalCom.Headers.RetryAfter.Of(response.Headers.RetryAfter, clock.GetUtcNow()),
                Remaining = QuotaHeaders.In(response, clock)?.Left,
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _timeouts++;
            return new ProbeAnswer { Failure = $"no answer within {Timeout.TotalSeconds:0} s" };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            lease.Failed(hadConnection: !ErrorTypes.HadNoConnection(failure));
            return new ProbeAnswer { Failure = signature.Clean(failure.GetBaseException().Message, 200).TrimEnd('.') };
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[MaxBodyBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        return buffer[..await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation)];
    }
}
