using System.Diagnostics;
using CalGateway.CalCom.Connections;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.V1;
using CalGateway.Diagnosis;
using CalGateway.Doctor.Matrix;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Doctor;

/// <summary>Asks Cal.com: reads only, one after the other, never more than it may, and never waiting for long.</summary>
internal sealed class Probe : IDisposable
{
    /// <summary>The table of versions, <c>/v2/me</c> and one of API v1.</summary>
    public const int Most = LiveMatrix.Most + 2;

    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Uri _upstream;
    private readonly Signature _signature;
    private readonly int _most;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _client;
    private int? _remaining;
    private int _timeouts;

    public Probe(Uri upstream, Signature signature, int most, TimeProvider clock)
    {
        _upstream = upstream;
        _signature = signature;
        _most = most;
        _clock = clock;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = Patience, ActivityHeadersPropagator = new BorderPropagator(static () => false) };
        _client = new HttpMessageInvoker(new QuerySigningHandler(handler));
    }

    /// <summary>How many requests were sent.</summary>
    public int Count { get; private set; }

    /// <summary>Why nothing more is asked; null where more may be.</summary>
    public string? Stopped { get; private set; }

    /// <param name="path">Of Cal.com's: /v2/me, perhaps with a query.</param>
    /// <param name="version">Null to send none.</param>
    /// <param name="cancellation">Of the whole examination.</param>
    public Task<ProbeAnswer> ReadAsync(string path, string? version, CancellationToken cancellation)
    {
        var request = RequestFor(path);
        request.Headers.Authorization = _signature.Header;
        if (version is not null)
            request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, version);
        return SendAsync(request, cancellation);
    }

    /// <summary>As API v1 wants it, with the key in the query.</summary>
    public Task<ProbeAnswer> ReadV1Async(string path, CancellationToken cancellation)
    {
        var request = RequestFor(path);
        request.Options.Set(CalApiKeyQueryTransform.SignWith, new QuerySignature(_signature, "apiKey"));
        return SendAsync(request, cancellation);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestFor(string path) => new(HttpMethod.Get, new Uri(_upstream.AbsoluteUri.TrimEnd('/') + path))
    {
        Version = System.Net.HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private async Task<ProbeAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            if (Count >= _most)
                Stopped ??= $"the {_most} requests that the doctor allows itself are used up";
            if (Stopped is not null)
                return new ProbeAnswer { NotAsked = true, Failure = Stopped };

            if (Count++ > 0)
                await Task.Delay(Pace.Pause(_upstream, _remaining), _clock, cancellation);

            var answer = await TryAsync(request, cancellation);
            _remaining = answer.Remaining ?? _remaining;
            Stopped = Pace.ReasonToStop(answer, _timeouts);
            return answer;
        }
    }

    private async Task<ProbeAnswer> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _client.SendAsync(request, deadline.Token);
            var body = await ReadAsync(response.Content, deadline.Token);
            return new ProbeAnswer
            {
                Status = (int)response.StatusCode,
                MediaType = response.Content.Headers.ContentType?.MediaType,
                Body = body,
                Error = UpstreamError.Parse(body, _signature),
                Elapsed = Stopwatch.GetElapsedTime(started),
                RetryAfter = CalCom.Headers.RetryAfter.Of(response.Headers.RetryAfter, _clock.GetUtcNow()),
                Remaining = QuotaHeaders.In(response, _clock)?.Left,
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _timeouts++;
            return new ProbeAnswer { Failure = $"no answer within {Patience.TotalSeconds:0} s" };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new ProbeAnswer { Failure = _signature.Clean(failure.GetBaseException().Message, 200).TrimEnd('.') };
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[MostBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        return buffer[..await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation)];
    }
}
