using System.Buffers;
using System.Net;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
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
    AdmissionControl admission, QuotaLimiter quotas, UpstreamTraffic traffic, ShadowResults results, TimeProvider clock, WatchMetrics metrics, ILogger<ShadowReads> logger)
    : BackgroundService
{
    /// <summary>The limit of samples in memory, from the first byte of the pinned answer to the end of the comparison.</summary>
    private const int MaxHeld = 32;

    private const int MaxConcurrency = 2;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<ShadowRead> _waiting = Channel.CreateUnbounded<ShadowRead>(); // bounded by MaxHeld

    /// <summary>Where Cal.com sets no quota, comparisons would otherwise take processor time from callers.</summary>
    private readonly TokenBucketRateLimiter _rateLimiter =
        new(new() { TokenLimit = 150, TokensPerPeriod = 20, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = false });

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

            Release();
        }

        results.Record(plan, version, operation, ShadowVerdict.Of(ShadowOutcome.Skipped));
        return false;
    }

    public void Enqueue(ShadowRead read) => _waiting.Writer.TryWrite(read);

    /// <summary>Frees the place of a sample.</summary>
    public void Release() => Interlocked.Decrement(ref _held);

    public override void Dispose()
    {
        _rateLimiter.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, MaxConcurrency).Select(_ =>
        new Watch("shadow reads", clock, metrics, logger).EachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), read => ProcessAsync(read, stoppingToken), stoppingToken)));

    private async Task ProcessAsync(ShadowRead read, CancellationToken stopping)
    {
        try
        {
            using var trace = GatewayActivities.StartTrace("shadow read", read.Cause);
            trace?.SetTag("calgateway.route", read.Plan.RouteId).SetTag("calgateway.revision", read.Plan.Revision.ToString());
            results.Record(read.Plan, read.Version, read.Operation, await CompareAsync(read, stopping));
        }
        finally
        {
            Release();
        }
    }

    private async Task<ShadowVerdict> CompareAsync(ShadowRead read, CancellationToken stopping)
    {
        _rateLimiter.TryReplenish();
        using var token = _rateLimiter.AttemptAcquire();
        if (!token.IsAcquired)
            return ShadowVerdict.Of(ShadowOutcome.Skipped);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(RequestTimeout);
        try
        {
            using var lease = await admission.EnterAsync(UpstreamDemand.OfGateway(read.Signature, read.Destination), deadline.Token);
            if (lease.Refusal is not null)
                return ShadowVerdict.Of(ShadowOutcome.Skipped);

            using var request = read.ToRequest();
            using var answer = await lease.SendAsync(request, read.Client, read.Plan, traffic, mayFail: true, deadline.Token);
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
        if (answer.StatusCode == HttpStatusCode.NotFound && (await UpstreamError.ReadAsync(answer, read.Signature, clock, cancellation))?.IsRouteMiss("GET") == true)
            return ShadowVerdict.Of(ShadowOutcome.RouteMiss);

        var isJson = answer.Content.Headers.ContentEncoding.Count == 0 && ShadowTransform.IsJson(answer.Content.Headers.ContentType?.MediaType);
        if (ShadowVerdict.WithoutBody(answer.StatusCode, isJson) is { } verdict)
            return verdict;

        var buffer = ArrayPool<byte>.Shared.Rent(ShadowRead.MaxBytes);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var count = await body.ReadAtLeastAsync(buffer.AsMemory(0, ShadowRead.MaxBytes), ShadowRead.MaxBytes, throwOnEndOfStream: false, cancellation);
            return ShadowVerdict.Compare(read, buffer.AsSpan(0, count), isWhole: count < ShadowRead.MaxBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
