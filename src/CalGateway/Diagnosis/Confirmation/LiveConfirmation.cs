using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>
/// After the first version mismatch of a route and revision, sends the same read to Cal.com at all other versions, so that the problem states what is true
/// now and not only what the catalogue says. It only informs; it never switches a version.
/// </summary>
internal sealed partial class LiveConfirmation(
    CalComCatalogue catalogue, Revisions revisions, QuotaLimiter quotas, AdmissionControl admission, UpstreamTraffic traffic, TimeProvider clock, WatchMetrics metrics,
    ILogger<LiveConfirmation> logger)
    : BackgroundService
{
    /// <summary>Bounds the requests after an edit that breaks many routes at once.</summary>
    private const int MaxQueued = 4;

    /// <summary>The delay before the first request, so that the burst in which the mismatch occurred is over.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan DelayBetweenRequests = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    private readonly Channel<ConfirmationRequest> _queue = Channel.CreateBounded<ConfirmationRequest>(MaxQueued);

    // Weak keys: the results of a revision go when its plans do.
    private readonly ConditionalWeakTable<RoutePlan, ConfirmationStates> _states = [];

    /// <summary>Queues a confirmation of the mismatch, if there has been none for this route and version.</summary>
    public void Enqueue(RoutePlan plan, GatewayProblem problem, string destination, Uri address, Signature? signature, HttpMessageInvoker client)
    {
        if (!revisions.Current.Options<DiagnosisOptions>().Confirm || problem.Upstream is not { Method: "GET" or "HEAD" } upstream
            || catalogue.Find(upstream.Method, upstream.Path) is not { } operation || !HasQuota(signature, catalogue.KnownVersions.Count))
        {
            return;
        }

        var state = _states.GetOrAdd(plan, static _ => new ConfirmationStates()).At(problem.SentVersion!);
        if (state?.TryBegin(clock.GetUtcNow()) != true)
            return;

        var mismatch = new ConfirmationRequest(state, plan, operation, problem.SentVersion!, destination, address, signature, client, Activity.Current?.Context);
        if (!_queue.Writer.TryWrite(mismatch))
            state.Postpone(clock.GetUtcNow());
    }

    /// <summary>Adds the confirmed statuses to the problem, if they are known for this operation.</summary>
    public GatewayProblem AddConfirmed(RoutePlan? plan, GatewayProblem problem)
    {
        if (plan is null || problem.Code != ProblemTypes.ApiVersionMismatch.Code || !_states.TryGetValue(plan, out var states) || states.At(problem.SentVersion!)?.Result is not { } confirmed)
            return problem;

        return catalogue.Find(problem.Upstream!.Method, problem.Upstream.Path) == confirmed.Operation ? confirmed.AddTo(problem, catalogue.Date) : problem;
    }

    /// <summary>Failures are logged and counted by <see cref="Watch"/>: an exception in a background service would stop the gateway.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new Watch("live confirmation", clock, metrics, logger).EachAsync(
        _queue.Reader.ReadAllAsync(stoppingToken), mismatch => ConfirmAsync(mismatch, stoppingToken), stoppingToken);

    private async Task ConfirmAsync(ConfirmationRequest mismatch, CancellationToken stopping)
    {
        using var trace = GatewayActivities.StartTrace("version confirmation", mismatch.Cause);
        trace?.SetTag("calgateway.route", mismatch.Plan.RouteId).SetTag("calgateway.revision", mismatch.Plan.Revision.ToString());
        try
        {
            Conclude(mismatch, await AskAllVersionsAsync(mismatch, stopping));
        }
        catch (Exception)
        {
            mismatch.State.Postpone(clock.GetUtcNow() + RetryDelay);
            throw;
        }
    }

    private void Conclude(ConfirmationRequest mismatch, ConfirmedVersions? confirmed)
    {
        if (confirmed is null)
        {
            mismatch.State.Postpone(clock.GetUtcNow() + RetryDelay);
            Log.Postponed(logger, mismatch.Operation.ToString());
            return;
        }

        mismatch.State.End(confirmed);
        Log.Asked(logger, mismatch.Operation.ToString(), confirmed.Answered.Count == 0 ? "no version" : Sentence.List(confirmed.Answered));
    }

    /// <summary>Uses only quota that is not kept for callers. Where the quota is unknown, the request may be sent.</summary>
    private bool HasQuota(Signature? signature, int requests) => quotas.FreeFor(RequestClass.Curiosity, signature) is not { } free || free >= requests;

    /// <summary>Null where not every version could be asked: a partial result would mislead.</summary>
    private async Task<ConfirmedVersions?> AskAllVersionsAsync(ConfirmationRequest mismatch, CancellationToken stopping)
    {
        await Task.Delay(FirstDelay, clock, stopping);
        var statuses = new Dictionary<string, int>();
        var answered = new List<string>();
        foreach (var version in catalogue.KnownVersions.Where(version => version != mismatch.SentVersion))
        {
            await Task.Delay(DelayBetweenRequests, clock, stopping);
            if (!HasQuota(mismatch.Signature, requests: 1) || await AskVersionAsync(mismatch, version, stopping) is not { } seen)
                return null;

            statuses[version] = seen.Status;
            if (seen.IsThere)
                answered.Add(version);
        }

        return new ConfirmedVersions(mismatch.Operation, statuses, answered);
    }

    /// <summary>Null where no conclusive answer came: no quota, a timeout, 429 or a 5xx above 500.</summary>
    private async Task<(int Status, bool IsThere)?> AskVersionAsync(ConfirmationRequest mismatch, string version, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(RequestTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, mismatch.Address);
        request.Headers.Authorization = mismatch.Signature?.Header;
        request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, version);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        try
        {
            using var lease = await admission.EnterAsync(UpstreamDemand.OfGateway(mismatch.Signature, mismatch.Destination), deadline.Token);
            if (lease.Refusal is not null)
                return null;

            using var answer = await lease.SendAsync(request, mismatch.Client, mismatch.Plan, traffic, mayFail: false, deadline.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.TooManyRequests or > HttpStatusCode.InternalServerError => null,
                HttpStatusCode.NotFound => (404, (await UpstreamError.ReadAsync(answer, mismatch.Signature, clock, deadline.Token))?.IsRouteMiss("GET") != true),
                var status => ((int)status, true),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Asked live, {Operation} is answered at {Versions}")]
        public static partial void Asked(ILogger logger, string operation, string versions);

        [LoggerMessage(LogLevel.Information, "{Operation} was not asked live: Cal.com is failing, or its quota is needed for callers")]
        public static partial void Postponed(ILogger logger, string operation);
    }
}
