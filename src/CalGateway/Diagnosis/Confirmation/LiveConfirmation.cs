using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>
/// Asks Cal.com, behind the first version mismatch of a route and revision, at which versions the same read is answered, so that
/// the problem tells what is and not only what the catalogue believes. It informs; it never switches a version.
/// </summary>
internal sealed partial class LiveConfirmation(
    CalComCatalogue catalogue, Revisions revisions, QuotaLimiter quotas, AdmissionControl admission, UpstreamTraffic traffic, TimeProvider clock, WatchMetrics metrics,
    ILogger<LiveConfirmation> logger)
    : BackgroundService
{
    /// <summary>An edit that breaks many routes at once must not spend the quota on knowing it better.</summary>
    private const int MostWaiting = 4;

    /// <summary>Let the burst pass in which the mismatch was met.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Before what could not be asked is asked again.</summary>
    private static readonly TimeSpan Respite = TimeSpan.FromMinutes(1);

    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(MostWaiting);

    // A revision that ends takes what was seen under it along.
    private readonly ConditionalWeakTable<RoutePlan, Inquiries> _inquiries = [];

    /// <summary>Sees to it that the route's first mismatch at a version is looked into.</summary>
    /// <param name="plan">The route, in its revision.</param>
    /// <param name="problem">The mismatch.</param>
    /// <param name="address">Where it was asked.</param>
    /// <param name="signature">By whose credential; null for a stranger's request.</param>
    /// <param name="client">That asks as the forwarder does.</param>
    public void LookInto(RoutePlan plan, GatewayProblem problem, Uri address, Signature? signature, HttpMessageInvoker client)
    {
        if (!revisions.Current.Options<DiagnosisOptions>().Confirm || problem.Upstream is not { Method: "GET" or "HEAD" } upstream
            || catalogue.Find(upstream.Method, upstream.Path) is not { } operation || !MayAsk(signature, catalogue.KnownVersions.Count))
        {
            return;
        }

        var inquiry = _inquiries.GetOrAdd(plan, static _ => new Inquiries()).At(problem.SentVersion!);
        if (inquiry?.TryBegin(clock.GetUtcNow()) == true && !_questions.Writer.TryWrite(new Question(inquiry, plan, operation, problem.SentVersion!, address, signature, client, Activity.Current?.Context)))
            inquiry.PutOff(clock.GetUtcNow());
    }

    /// <summary>The problem with what was seen, if it was seen for this operation.</summary>
    public GatewayProblem Tell(RoutePlan? plan, GatewayProblem problem)
    {
        if (plan is null || problem.Code != ProblemTypes.ApiVersionMismatch.Code || !_inquiries.TryGetValue(plan, out var inquiries) || inquiries.At(problem.SentVersion!)?.Evidence is not { } evidence)
            return problem;

        return catalogue.Find(problem.Upstream!.Method, problem.Upstream.Path) == evidence.Operation ? evidence.AddTo(problem, catalogue.Date) : problem;
    }

    /// <summary>It only informs: a fault of ours here must not end the gateway, as one in a background service does.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new Watch("live confirmation", clock, metrics, logger).EachAsync(
        _questions.Reader.ReadAllAsync(stoppingToken), question => AnswerAsync(question, stoppingToken), stoppingToken);

    private async Task AnswerAsync(Question question, CancellationToken stopping)
    {
        using var trace = GatewayActivities.StartTrace("version confirmation", question.Cause);
        trace?.SetTag("calgateway.route", question.Plan.RouteId).SetTag("calgateway.revision", question.Plan.Revision.ToString());
        try
        {
            Conclude(question, await AskAsync(question, stopping));
        }
        catch (Exception)
        {
            question.Inquiry.PutOff(clock.GetUtcNow() + Respite);
            throw;
        }
    }

    private void Conclude(Question question, Evidence? evidence)
    {
        if (evidence is null)
        {
            question.Inquiry.PutOff(clock.GetUtcNow() + Respite);
            Log.PutOff(logger, question.Operation.ToString());
            return;
        }

        question.Inquiry.End(evidence);
        Log.Asked(logger, question.Operation.ToString(), evidence.Answered.Count == 0 ? "no version" : Sentence.List(evidence.Answered));
    }

    /// <summary>The quota is the callers'; what is not known to be scarce may be used.</summary>
    private bool MayAsk(Signature? signature, int most) => quotas.FreeFor(RequestClass.Curiosity, signature) is not { } free || free >= most;

    /// <summary>Null where not every version could be asked: half of the truth would look like another one.</summary>
    private async Task<Evidence?> AskAsync(Question question, CancellationToken stopping)
    {
        await Task.Delay(Quiet, clock, stopping);
        var statuses = new Dictionary<string, int>();
        var answered = new List<string>();
        foreach (var version in catalogue.KnownVersions.Where(version => version != question.Sent))
        {
            await Task.Delay(Pause, clock, stopping);
            if (!MayAsk(question.Signature, most: 1) || await AskAsync(question, version, stopping) is not { } seen)
                return null;

            statuses[version] = seen.Status;
            if (seen.IsThere)
                answered.Add(version);
        }

        return new Evidence(question.Operation, statuses, answered);
    }

    /// <summary>Null where it is not the moment to ask for details.</summary>
    private async Task<(int Status, bool IsThere)?> AskAsync(Question question, string version, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, question.Address);
        request.Headers.Authorization = question.Signature?.Header;
        request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, version);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        try
        {
            using var lease = await admission.EnterAsync(
                new UpstreamDemand(RequestClass.Curiosity, question.Signature, Consumer: null, Share: 1, question.Address.GetLeftPart(UriPartial.Authority), MayWait: false), deadline.Token);
            if (!lease.IsAcquired)
                return null;

            using var answer = await new AdmittedRequest(lease, question.Plan, traffic).SendAsync(question.Client, request, deadline.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.TooManyRequests or > HttpStatusCode.InternalServerError => null,
                HttpStatusCode.NotFound => (404, !await IsRouteMissAsync(question, answer, deadline.Token)),
                var status => ((int)status, true),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<bool> IsRouteMissAsync(Question question, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, cancellation);
        return UpstreamError.Parse(body.Unpacked(answer.Content.Headers.ContentEncoding), question.Signature)?.IsRouteMiss("GET") == true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Asked live, {Operation} is answered at {Versions}")]
        public static partial void Asked(ILogger logger, string operation, string versions);

        [LoggerMessage(LogLevel.Information, "{Operation} was not asked live: Cal.com is failing, or its quota is needed for callers")]
        public static partial void PutOff(ILogger logger, string operation);
    }
}
