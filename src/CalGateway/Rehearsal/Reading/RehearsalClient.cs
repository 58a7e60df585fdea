using System.Net;
using CalGateway.CalCom.Traffic;
using CalGateway.Diagnosis.Structures;
using CalGateway.Journey.Routes;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// Sends the requests of a rehearsal: reads only, one at a time, at most forty, and none from the quota that callers need. Once it has stopped, it sends
/// nothing more and returns the reason.
/// </summary>
/// <param name="upstream">Cal.com's address and the method to send a request, which admits each one.</param>
internal sealed class RehearsalClient(RehearsalUpstream upstream, TimeProvider clock)
{
    public const int MaxRequests = 40;

    /// <summary>The number of consecutive failures after which it stops.</summary>
    private const int MaxFailures = 2;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan TotalTimeout = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan DelayBetweenRequests = TimeSpan.FromMilliseconds(75);

    private readonly long _begun = clock.GetTimestamp();
    private int _failures;

    public int Count { get; private set; }

    public int Left => MaxRequests - Count;

    /// <summary>Why no more requests are sent; null while they may be.</summary>
    public string? Stopped { get; private set; }

    /// <param name="target">Cal.com's path, with a query where needed.</param>
    public async Task<ReadAnswer> ReadAsync(string target, string version, CancellationToken cancellation)
    {
        if (Left == 0)
            Stopped ??= $"the {MaxRequests} requests of a rehearsal are used up";
        if (clock.GetElapsedTime(_begun) > TotalTimeout)
            Stopped ??= $"the {TotalTimeout.TotalMinutes:0} minutes of a rehearsal are over";
        if (Stopped is not null)
            return new ReadAnswer { Failure = Stopped };

        if (Count > 0 && !upstream.Address.IsLoopback)
            await Task.Delay(DelayBetweenRequests, clock, cancellation);
        var answer = await TryAsync(target, version, cancellation);
        _failures = answer.Failure is null ? 0 : _failures + 1;
        if (_failures >= MaxFailures)
            Stopped ??= answer.Failure;
        return answer;
    }

    private async Task<ReadAnswer> TryAsync(string target, string version, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var request = RequestFor(target, version);
        try
        {
            Count++;
            var sent = await upstream.SendAsync(request, either.Token);
            if (sent.Answer is not { } response)
            {
                Count--;
                return new ReadAnswer { Failure = Stopped ??= sent.HeldBack };
            }

            using var whole = response;
            var (body, isCut) = await ReadAsync(response.Content, either.Token);
            return ToAnswer((int)response.StatusCode, body, isCut);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ReadAnswer { Failure = $"Cal.com gave no answer within {RequestTimeout.TotalSeconds:0} s" };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new ReadAnswer { Failure = $"the connection to Cal.com failed ({ErrorTypes.Of(failure)})" };
        }
    }

    private ReadAnswer ToAnswer(int status, byte[] body, bool isCut)
    {
        if (status == StatusCodes.Status429TooManyRequests)
            Stopped ??= "the quota of the key is used up";
        if (status == StatusCodes.Status401Unauthorized)
            Stopped ??= "Cal.com does not accept the key (401)";
        var failure = status switch
        {
            StatusCodes.Status429TooManyRequests or StatusCodes.Status401Unauthorized => Stopped,
            >= StatusCodes.Status500InternalServerError => $"Cal.com fails with {status}",
            _ => null,
        };
        return new ReadAnswer { Status = status, Failure = failure, Body = body, IsCut = isCut };
    }

    private HttpRequestMessage RequestFor(string target, string version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(upstream.Address.AbsoluteUri.TrimEnd('/') + target))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Authorization = upstream.Signature.Header;
        request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, version);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return request;
    }

    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[StructureReader.MaxBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return (buffer[..length], length == buffer.Length && await stream.ReadAsync(new byte[1], cancellation) > 0);
    }
}
