using System.Net.Http.Headers;
using CalGateway.Caching.Store;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using CalGateway.Telemetry;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>
/// The request of a fill: what a caller asked for, sent by the gateway itself on the same route. It belongs to no connection, so it continues when the caller
/// hangs up. It has none of the caller's headers, so its answer suits all callers with the same cache key.
/// </summary>
internal sealed class FillRequest : IDisposable
{
    private static readonly string UserAgent = new ProductInfoHeaderValue("CalGateway", ProductVersion.Text).ToString();

    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly HttpContext _context;
    private readonly GatewayCall _call;
    private readonly CappedBody _body;

    /// <summary>Copies what is needed of the caller's request, which may end at any time.</summary>
    public FillRequest(
        HttpContext caller, FillPurpose purpose, bool hasSubstitute, int maxBytes, Budget bodies, TimeSpan deadline, TimeProvider clock, CancellationToken cancelled)
    {
        _deadline = new CancellationTokenSource(deadline, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancelled);
        _call = GatewayCall.Of(caller).CopyForFill(clock);
        _call.IsRefresh = purpose == FillPurpose.Refresh;
        _call.HasSubstitute = hasSubstitute;
        _context = _call.Context;
        Reservation = new Reservation(bodies);
        _body = new CappedBody(maxBytes, () => _context.Response.ContentLength, Reservation, _ended.Cancel);

        _context.Request.Headers.Accept = "application/json";
        _context.Request.Headers.UserAgent = UserAgent;
        _context.RequestAborted = _ended.Token;
        _context.Response.Body = _body;
    }

    /// <summary>The memory of the body. It stays reserved after the request, until the last caller has been sent the body.</summary>
    public Reservation Reservation { get; }

    public string TraceId => _call.TraceId;

    /// <summary>The key of the account, as the caller's request read it.</summary>
    public Signature Account => _call.Partition!.Signature;

    /// <param name="validator">Cal.com's <c>ETag</c> of the stored answer, to ask whether it has changed; null to get the answer in any case.</param>
    /// <param name="services">Creates the scope of services that a request has.</param>
    public async Task<Exchange> SendAsync(string? validator, IServiceScopeFactory services)
    {
        await using var scope = services.CreateAsyncScope();
        _context.RequestServices = scope.ServiceProvider;
        if (validator is not null)
            _context.Request.Headers.IfNoneMatch = validator;

        await RunAsync();

        var tooLong = _body.IsOverfull && _call.UpstreamStatus is not (null or StatusCodes.Status200OK) ? TooLong(_call) : null;
        return new Exchange
        {
            Status = _context.Response.StatusCode,
            Headers = new Dictionary<string, StringValues>(_context.Response.Headers, StringComparer.OrdinalIgnoreCase),
            Body = _body.Take(),
            Problem = _deadline.IsCancellationRequested ? TooSlow(_call) : tooLong ?? _call.Problem,
            IsTooLarge = _body.IsOverfull,
            HasFoundNoMemory = _body.HasFoundNoMemory,
            IsLegacyShape = _call.IsLegacyShape,
            RetryAfter = _call.UpstreamRetryAfter,
            IsRemembered = _call.IsRemembered,
            IsRefused = _call.IsRefused,
            SentApiVersion = _call.SentApiVersion,
            UpstreamRequestId = _call.UpstreamRequestId,
        };
    }

    /// <summary>Runs the endpoint of the route, as for a request that is forwarded without the cache.</summary>
    private async Task RunAsync()
    {
        try
        {
            await _context.GetEndpoint()!.RequestDelegate!(_context);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            _context.Response.StatusCode = StatusCodes.Status504GatewayTimeout; // given up before it was sent
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _deadline.Dispose();
        _body.Dispose();
    }

    /// <summary>For an answer that is not the list and was too large to be kept, so that it cannot be passed on.</summary>
    private static GatewayProblem TooLong(GatewayCall call) => GatewayProblem.Of(
        ProblemTypes.UpstreamInvalid, $"{call.Plan!.UpstreamName} answered {call.UpstreamStatus} with a text that is too long to be passed on.", "Callers may retry.") with
    {
        ProxyError = "http_response_incomplete",
        RetryAfter = call.UpstreamRetryAfter,
        Upstream = new UpstreamAnswer
        {
            Status = call.UpstreamStatus!.Value,
            Method = HttpMethods.Get,
            Path = call.UpstreamPath!,
            RequestId = call.UpstreamRequestId,
        },
    };

    private static GatewayProblem TooSlow(GatewayCall call) => GatewayProblem.Of(
        ProblemTypes.UpstreamTimeout, $"{call.Plan!.UpstreamName} did not answer completely in time.", "Callers may retry.") with { ProxyError = "http_response_timeout" };
}
