using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Edge;
using CalGateway.Sandbox.Operations;
using CalGateway.Sandbox.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Serving;

/// <summary>The API server itself, from the body's parser to the operation, in the order of the real one.</summary>
internal sealed class CalComServer(SandboxOptions options, Account account)
{
    private readonly OperationTable table = Handlers.Bind(new OperationTable(), account);
    private readonly RateLimiter limiter = new(options);
    private readonly KeyGuard guard = new(account);
    private readonly ApiV1 v1 = new(options, account);

    /// <inheritdoc cref="RateLimiter.WindowsOf"/>
    public IReadOnlyList<(int Passed, int Refused)> WindowsOf(string tracker) => limiter.WindowsOf(tracker);

    public Outgoing Answer(CalComRequest request)
    {
        if (!request.IsServed)
            return Outgoing.Html(404, "<html><body><h1>404 Not Found</h1></body></html>");
        if (request.Method == "OPTIONS")
            return Cors.Preflight();
        if (ApiV1.Owns(request.Path))
            return v1.Answer(request);

        List<KeyValuePair<string, StringValues>> headers = [];
        var answer = Answer(request, headers).Sign(request.Url, options.TimeProvider.GetUtcNow());
        return new Outgoing(answer.Status, answer.Payload, answer.ContentType) { Headers = headers };
    }

    private Answer Answer(CalComRequest request, List<KeyValuePair<string, StringValues>> headers)
    {
        // 1. the body's parser: before routing, so even a path that does not exist refuses a broken body
        var body = JsonBody.Parse(request.Headers.ContentType, request.Body, request.Headers.ContentLength);
        if (body.Refusal is not null)
            return body.Refusal;

        // 2. routing: a miss has met no guard, hence no quota headers and no look at the key
        var version = VersionHeader.Read(request.Version);
        if (table.Find(request.Method, request.Path, version) is not { } route)
            return Serving.Answer.NotFound($"Cannot {request.Method} {request.OriginalUrl}");

        // 3. the guards: the quota, then the key
        if (!limiter.TryPass(request.Token ?? request.Address, route, headers))
            return RateLimiter.TooMany();
        if (guard.Refuse(route.Endpoint.Guard, request.Token) is { } refusal)
            return refusal;

        // 4. the operation
        var call = new Call(route, version, request.Token is not null && route.Endpoint.Guard != Guard.None, request.Token, QueryHelpers.ParseQuery(request.Query), body.Value);
        return account.Handle(route.Endpoint.Handler ?? Minimal.Answer, call);
    }
}
