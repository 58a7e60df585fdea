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
/// Repeats reads of callers at another version in the background, and counts the differences. Memory, concurrency, rate and quota are limited, and callers
/// never wait for it.
/// </summary>
internal sealed class ShadowReads(
    AdmissionControl admission, QuotaLimiter quotas, UpstreamTraffic traffic, ShadowTallies tallies, TimeProvider clock, WatchMetrics metrics, ILogger<ShadowReads> logger)
    : BackgroundService
{
    /// <summary>The limit of samples in memory, from the first byte of the pinned answer to the end of the comparison.</summary>
    private const int MaxHeld = 32;

    private const int MaxConcurrency = 2;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<ShadowRead> _waiting = Channel.CreateUnbounded<ShadowRead>(); // bounded by MaxHeld
    private readonly ShadowRateLimiter _rateLimiter = new(clock);
    private int _held;

    /// <summary>
    /// Reserves a place for a sample if there is one, and quota to spare. The caller must then call <see cref="Enqueue"/> or <see cref="Release"/>.
    /// </summary>
    public bool TryReserve(RoutePlan plan, string version, Operation operation, Signature? signature)
    {
        if (HasQuota(signature))
        {
            if (Interlocked.Increment(ref _held) <= MaxHeld)
                return true;

            Interlocked.Decrement(ref _held);
        }

        tallies.Record(plan, version, operation, ShadowVerdict.Of(ShadowOutcome.Skipped));
        return false;
    }

    /// <summary>Queues a sample for comparison.</summary>
    public void Enqueue(ShadowRead read) => _waiting.Writer.TryWrite(read);

    /// <summary>Frees the place of a sample.</summary>
    public void Release(ShadowRead read)
    {
        read.Dispose();
        Interlocked.Decrement(ref _held);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, MaxConcurrency).Select(_ =>
        new Watch("shadow reads", clock, metrics, logger).EachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), read => ProcessAsync(read, stoppingToken), stoppingToken)));

    private async Task ProcessAsync(ShadowRead read, CancellationToken stopping)
    {
        try
        {
            using var trace = GatewayActivities.StartTrace("shadow read", read.Cause);
            trace?.SetTag("calgateway.route", read.Plan.RouteId).SetTag("calgateway.revision", read.Plan.Revision.ToString());
            tallies.Record(read.Plan, read.Version, read.Operation, await CompareAsync(read, stopping));
        }
        finally
        {
            Release(read);
        }
    }

    private async Task<ShadowVerdict> CompareAsync(ShadowRead read, CancellationToken stopping)
    {
        if (!_rateLimiter.TryAcquire())
            return ShadowVerdict.Of(ShadowOutcome.Skipped);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(RequestTimeout);
        try
        {
            using var lease = await admission.EnterAsync(
                new UpstreamDemand(RequestClass.Curiosity, read.Signature, Consumer: null, Share: 1, read.Destination, MayWait: false), deadline.Token);
            if (!lease.IsAcquired)
                return ShadowVerdict.Of(ShadowOutcome.Skipped);

            using var request = read.ToRequest();
            using var answer = await new AdmittedRequest(lease, read.Plan, traffic, mayFail: true).SendAsync(read.Client, request, deadline.Token);
            return await CompareAsync(read, answer, deadline.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return ShadowVerdict.Of(ShadowOutcome.Failed);
        }
    }

    /// <summary>Shadow reads use only quota that is not kept for callers.</summary>
    private bool HasQuota(Signature? signature) => quotas.FreeFor(RequestClass.Curiosity, signature) is not { } free || free > MaxConcurrency;

    private async Task<ShadowVerdict> CompareAsync(ShadowRead read, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            var body = await PeekedBody.ReadAsync(answer, clock, cancellation);
            var isRouteMiss = UpstreamError.Parse(body.Unpacked(answer.Content.Headers.ContentEncoding), read.Signature)?.IsRouteMiss("GET") == true;
            return ShadowVerdict.Compare(read.Answer, read.IsCut, new ShadowAnswer(answer.StatusCode, isJson: false, isWhole: true, isRouteMiss, []), read.Version, read.Operation);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ShadowRead.MaxBytes);
        try
        {
            var (count, isWhole) = await ReadAsync(answer, buffer.AsMemory(0, ShadowRead.MaxBytes), cancellation);
            var isJson = answer.Content.Headers.ContentEncoding.Count == 0 && ShadowTransform.IsJson(answer.Content.Headers.ContentType?.MediaType);
            return ShadowVerdict.Compare(
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
