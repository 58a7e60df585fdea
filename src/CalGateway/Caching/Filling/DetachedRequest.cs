using System.Net.Http.Headers;
using CalGateway.Caching.Entries;
using CalGateway.Journey;
using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>
/// A request that goes the same way to Cal.com as the caller's would have, through the route's own endpoint, but belongs to
/// no connection: whoever hangs up, it goes on. None of the caller's headers are on it, so its answer suits everybody
/// who has the key.
/// </summary>
internal sealed class DetachedRequest : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly DefaultHttpContext _context = new();
    private readonly CappedBody _body;

    /// <summary>Takes from the caller's request what is needed of it, for it may be gone a moment later.</summary>
    public DetachedRequest(HttpContext caller, int maxBytes, Room room, TimeSpan deadline, TimeProvider clock)
    {
        _deadline = new CancellationTokenSource(deadline, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token);
        Holding = new Holding(room);
        _body = new CappedBody(maxBytes, () => _context.Response.ContentLength, Holding, _ended.Cancel);

        var request = _context.Request;
        request.Method = HttpMethods.Get;
        request.Protocol = HttpProtocol.Http11;
        request.Scheme = caller.Request.Scheme;
        request.Host = caller.Request.Host;
        request.PathBase = caller.Request.PathBase;
        request.Path = caller.Request.Path;
        request.QueryString = caller.Request.QueryString;
        request.RouteValues = new RouteValueDictionary(caller.Request.RouteValues);
        request.Headers.Accept = "application/json";
        request.Headers.UserAgent = UserAgent;

        _context.SetEndpoint(caller.GetEndpoint());
        _context.RequestAborted = _ended.Token;
        _context.Response.Body = _body;
        GatewayCall.Begin(_context, GatewayCall.Of(caller).Copy(_context, clock));
        GatewayCall.Of(_context).IsForEveryone = true;
    }

    /// <summary>What its body takes of the memory for all of them. Whoever sends the request ends it.</summary>
    public Holding Holding { get; }

    /// <summary>The caller's who was the cause.</summary>
    public string TraceId => GatewayCall.Of(_context).TraceId;

    /// <summary>The account that is asked about, as the caller's request read its key.</summary>
    public Signature Account => GatewayCall.Of(_context).Partition!.Signature;

    private static string UserAgent { get; } =
        new ProductInfoHeaderValue("CalGateway", typeof(DetachedRequest).Assembly.GetName().Version!.ToString(3)).ToString();

    /// <param name="validator">Cal.com's tag of what is stored already; null to be sent all of it.</param>
    /// <param name="services">For the scope that a request has.</param>
    public async Task<Exchange> SendAsync(string? validator, IServiceScopeFactory services)
    {
        await using var scope = services.CreateAsyncScope();
        _context.RequestServices = scope.ServiceProvider;
        if (validator is not null)
            _context.Request.Headers.IfNoneMatch = validator;

        await _context.GetEndpoint()!.RequestDelegate!(_context);

        var call = GatewayCall.Of(_context);
        var tooLong = _body.IsOverfull && call.UpstreamStatus is not (null or StatusCodes.Status200OK) ? TooLong(call) : null;

        return new Exchange
        {
            Status = _context.Response.StatusCode,
            Headers = new Dictionary<string, StringValues>(_context.Response.Headers, StringComparer.OrdinalIgnoreCase),
            Body = _body.Take(),
            Problem = _deadline.IsCancellationRequested ? TooSlow(call) : tooLong ?? call.Problem,
            IsTooLarge = _body.IsOverfull,
            HasFoundNoRoom = _body.HasFoundNoRoom,
            IsLegacyShape = call.IsLegacyShape,
            RetryAfter = call.UpstreamRetryAfter,
            IsRemembered = call.IsRemembered,
            SentApiVersion = call.SentApiVersion,
            UpstreamRequestId = call.UpstreamRequestId,
        };
    }

    public void Dispose()
    {
        _ended.Dispose();
        _deadline.Dispose();
        _body.Dispose();
    }

    /// <summary>Not what was asked for, and too long to be passed on: what it has to say is lost.</summary>
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
