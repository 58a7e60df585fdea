using System.Buffers;
using System.Net;
using System.Threading.Channels;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>
/// Asks reads that callers have been answered once more at another version, and tallies what differs. Nobody waits for it: it is bounded in number, in
/// memory, in pace, and by what the quota has to spare.
/// </summary>
internal sealed class ShadowReads(
    AdmissionControl admission, QuotaLimiter quotas, UpstreamTraffic traffic, ShadowTallies tallies, TimeProvider clock, WatchMetrics metrics, ILogger<ShadowReads> logger)
    : BackgroundService
{
    /// <summary>Of which a sample is held, from the pinned answer's first byte to the end of the comparison.</summary>
    private const int MostHeld = 32;

    private const int MostAtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<ShadowRead> _waiting = Channel.CreateUnbounded<ShadowRead>(); // bounded by MostHeld
    private readonly ShadowPace _pace = new(clock);
    private int _held;

    /// <summary>Whether there is room for one more sample, and quota to spare; a sample then belongs to the caller until it is asked or given back.</summary>
    public bool TryHold(RoutePlan plan, string version, Operation operation, Signature? signature)
    {
        if (MayAsk(signature))
        {
            if (Interlocked.Increment(ref _held) <= MostHeld)
                return true;

            Interlocked.Decrement(ref _held);
        }

        tallies.Note(plan, version, operation, ShadowVerdict.Of(ShadowOutcome.Skipped));
        return false;
    }

    /// <summary>Its caller has been answered.</summary>
    public void Ask(ShadowRead read) => _waiting.Writer.TryWrite(read);

    /// <summary>Nothing will be compared.</summary>
    public void Give(ShadowRead read)
    {
        read.Dispose();
        Interlocked.Decrement(ref _held);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ =>
        new Watch("shadow reads", clock, metrics, logger).EachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), read => CompareAsync(read, stoppingToken), stoppingToken)));

    private async Task CompareAsync(ShadowRead read, CancellationToken stopping)
    {
        try
        {
            using var trace = GatewayActivities.StartTrace("shadow read", read.Cause);
            trace?.SetTag("calgateway.route", read.Plan.RouteId).SetTag("calgateway.revision", read.Plan.Revision.ToString());
            tallies.Note(read.Plan, read.Version, read.Operation, await JudgeAsync(read, stopping));
        }
        finally
        {
            Give(read);
        }
    }

    private async Task<ShadowVerdict> JudgeAsync(ShadowRead read, CancellationToken stopping)
    {
        if (!_pace.TryStep())
            return ShadowVerdict.Of(ShadowOutcome.Skipped);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Patience);
        try
        {
            using var lease = await admission.EnterAsync(
                new UpstreamDemand(RequestClass.Curiosity, read.Signature, Consumer: null, Share: 1, read.Destination, MayWait: false), deadline.Token);
            if (!lease.IsAcquired)
                return ShadowVerdict.Of(ShadowOutcome.Skipped);

            using var request = read.ToRequest();
            using var answer = await new AdmittedRequest(lease, read.Plan, traffic, mayFail: true).SendAsync(read.Client, request, deadline.Token);
            return await JudgeAsync(read, answer, deadline.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return ShadowVerdict.Of(ShadowOutcome.Failed);
        }
    }

    /// <summary>Shadow reads use no request of the quota that is kept for callers.</summary>
    private bool MayAsk(Signature? signature) => quotas.FreeFor(RequestClass.Curiosity, signature) is not { } free || free > MostAtOnce;

    private async Task<ShadowVerdict> JudgeAsync(ShadowRead read, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            var body = await PeekedBody.ReadAsync(answer, clock, cancellation);
            var isRouteMiss = UpstreamError.Parse(body.Unpacked(answer.Content.Headers.ContentEncoding), read.Signature)?.IsRouteMiss("GET") == true;
            return ShadowVerdict.Judge(read.Answer, read.IsCut, new ShadowAnswer(answer.StatusCode, isJson: false, isWhole: true, isRouteMiss, []), read.Version, read.Operation);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ShadowRead.MostBytes);
        try
        {
            var (count, isWhole) = await ReadAsync(answer, buffer.AsMemory(0, ShadowRead.MostBytes), cancellation);
            var isJson = answer.Content.Headers.ContentEncoding.Count == 0 && ShadowTransform.IsJson(answer.Content.Headers.ContentType?.MediaType);
            return ShadowVerdict.Judge(
                read.Answer, read.IsCut, new ShadowAnswer(answer.StatusCode, isJson, isWhole, isRouteMiss: false, buffer.AsSpan(0, count)), read.Version, read.Operation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<(int Count, bool IsWhole)> ReadAsync(HttpResponseMessage answer, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
            return (0, true);

        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return (count, count < buffer.Length);
    }
}
