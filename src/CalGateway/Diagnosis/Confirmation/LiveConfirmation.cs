using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CalGateway.CalCom;
using CalGateway.Catalogue;
using CalGateway.Configuration;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>
/// Asks Cal.com, behind the first version mismatch of a route and revision, at which versions the same read is answered, so that
/// the problem tells what is and not only what the catalogue believes. It informs; it never switches a version.
/// </summary>
internal sealed partial class LiveConfirmation(
    CalComCatalogue catalogue, Credential own, TimeProvider clock, ILogger<LiveConfirmation> logger) : BackgroundService
{
    /// <summary>An edit that breaks many routes at once must not spend the quota on knowing it better.</summary>
    private const int MostWaiting = 4;

    /// <summary>Let the burst pass in which the mismatch was met.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(MostWaiting);

    // A revision that ends takes what was seen under it along.
    private readonly ConditionalWeakTable<RoutePlan, Inquiry> _inquiries = [];

    /// <summary>Sees to it that the route's first mismatch is looked into.</summary>
    /// <param name="plan">The route, in its revision.</param>
    /// <param name="problem">The mismatch.</param>
    /// <param name="address">Where it was asked.</param>
    /// <param name="signature">By whose credential; null for a stranger's request.</param>
    /// <param name="client">That asks as the forwarder does.</param>
    public void LookInto(RoutePlan plan, GatewayProblem problem, Uri address, Credential? signature, HttpMessageInvoker client)
    {
        if (problem.Upstream is not { Method: "GET" } upstream || catalogue.Find(upstream.Method, upstream.Path) is not { } operation)
            return;

        var inquiry = new Inquiry();
        if (_inquiries.TryAdd(plan, inquiry))
            _questions.Writer.TryWrite(new Question(inquiry, operation, problem.SentVersion!, address, signature, client));
    }

    /// <summary>The problem with what was seen, if it was seen for this operation.</summary>
    public GatewayProblem Tell(RoutePlan? plan, GatewayProblem problem)
    {
        if (plan is null || problem.Code != ProblemTypes.ApiVersionMismatch.Code || !_inquiries.TryGetValue(plan, out var inquiry) || inquiry.Evidence is not { } evidence)
            return problem;

        return catalogue.Find(problem.Upstream!.Method, problem.Upstream.Path) == evidence.Operation ? evidence.AddTo(problem, catalogue.Date) : problem;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var question in _questions.Reader.ReadAllAsync(stoppingToken))
        {
            var evidence = await AskAsync(question, stoppingToken);
            question.Inquiry.Evidence = evidence;
            Log.Asked(logger, question.Operation.ToString(), evidence.Answered.Count == 0 ? "no version" : Sentence.List(evidence.Answered));
        }
    }

    private async Task<Evidence> AskAsync(Question question, CancellationToken stopping)
    {
        await Task.Delay(Quiet, clock, stopping);
        var statuses = new Dictionary<string, int>();
        var answered = new List<string>();
        foreach (var version in catalogue.KnownVersions.Where(version => version != question.Sent))
        {
            await Task.Delay(Pause, clock, stopping);
            var (status, isThere, mayGoOn) = await AskAsync(question, version, stopping);
            if (status is { } seen)
                statuses[version] = seen;
            if (isThere)
                answered.Add(version);
            if (!mayGoOn)
                break;
        }

        return new Evidence(question.Operation, statuses, answered);
    }

    private async Task<(int? Status, bool IsThere, bool MayGoOn)> AskAsync(Question question, string version, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, question.Address);
        request.Headers.Authorization = question.Signature?.Header;
        request.Headers.TryAddWithoutValidation(CalApiVersionTransform.VersionHeader, version);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        try
        {
            using var answer = await question.Client.SendAsync(request, deadline.Token);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests || QuotaLeft.In(answer) <= QuotaLeft.Reserve)
                return (null, false, false);

            return ((int)answer.StatusCode, answer.StatusCode != HttpStatusCode.NotFound || !await IsRouteMissAsync(question, answer, deadline.Token), true);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return (null, false, false); // Not the moment to ask for details.
        }
    }

    private async Task<bool> IsRouteMissAsync(Question question, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, cancellation);
        return UpstreamError.Parse(body.Unpacked(answer.Content.Headers.ContentEncoding), question.Signature ?? own)?.IsRouteMiss("GET") == true;
    }

    private sealed record Question(Inquiry Inquiry, Operation Operation, string Sent, Uri Address, Credential? Signature, HttpMessageInvoker Client);

    private sealed class Inquiry
    {
        private Evidence? _evidence;

        public Evidence? Evidence
        {
            get => Volatile.Read(ref _evidence);
            set => Volatile.Write(ref _evidence, value);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Asked live, {Operation} is answered at {Versions}")]
        public static partial void Asked(ILogger logger, string operation, string versions);
    }
}
