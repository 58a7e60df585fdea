using System.Net;
using CalGateway.CalCom.Traffic;
using CalGateway.Diagnosis.Structures;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// Asks Cal.com for a rehearsal: reads only, one after the other, at most forty, and none of what is left for callers of the key's quota. Once it has
/// stopped it stays stopped, and says why.
/// </summary>
/// <param name="upstream">Where Cal.com is, and by what it is asked; it admits each request.</param>
/// <param name="clock">For pauses and deadlines.</param>
internal sealed class RehearsalClient(RehearsalUpstream upstream, TimeProvider clock)
{
    public const int Most = 40;

    /// <summary>Of requests in a row without an answer that tells anything; after them Cal.com is left alone.</summary>
    private const int MostFailures = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Of a whole rehearsal.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(75);

    private readonly long _begun = clock.GetTimestamp();
    private int _failures;

    /// <summary>How many requests were sent.</summary>
    public int Count { get; private set; }

    public int Left => Most - Count;

    /// <summary>Why nothing more is asked; null where more may be.</summary>
    public string? Stopped { get; private set; }

    /// <param name="target">Cal.com's path, perhaps with a query.</param>
    /// <param name="version">Sent as <c>cal-api-version</c>.</param>
    /// <param name="cancellation">Of the whole rehearsal.</param>
    public async Task<ReadAnswer> ReadAsync(string target, string version, CancellationToken cancellation)
    {
        if (Left == 0)
            Stopped ??= $"the {Most} requests of a rehearsal are used up";
        if (clock.GetElapsedTime(_begun) > Longest)
            Stopped ??= $"the {Longest.TotalMinutes:0} minutes of a rehearsal are over";
        if (Stopped is not null)
            return new ReadAnswer { Failure = Stopped };

        if (Count > 0 && !upstream.Address.IsLoopback)
            await Task.Delay(Pause, clock, cancellation);
        var answer = await TryAsync(target, version, cancellation);
        _failures = answer.Failure is null ? 0 : _failures + 1;
        if (_failures >= MostFailures)
            Stopped ??= answer.Failure;
        return answer;
    }

    private async Task<ReadAnswer> TryAsync(string target, string version, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
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
            return Judge((int)response.StatusCode, body, isCut);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ReadAnswer { Failure = $"Cal.com gave no answer within {Patience.TotalSeconds:0} s" };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new ReadAnswer { Failure = $"the connection to Cal.com failed ({FailureWords.Of(failure)})" };
        }
    }

    private ReadAnswer Judge(int status, byte[] body, bool isCut)
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
        var buffer = new byte[StructureReader.MostBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return (buffer[..length], length == buffer.Length && await stream.ReadAsync(new byte[1], cancellation) > 0);
    }
}
