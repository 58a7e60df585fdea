using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Configuration;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Before routing: serves a fresh answer to a request with exactly the same text as an earlier one. Everything else, such as stale answers and requests with
/// cache directives, is left to <see cref="CacheStage"/>.
/// </summary>
internal sealed class CacheFront(RequestDelegate next, PreparedAnswers prepared, AnswerTable table)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsPlain(context.Request))
            return next(context);

        var call = GatewayCall.Of(context);
        if (call.Partition is not { } partition || prepared.Find(call.AtStart.Part<Revision>()!, partition.TextBeforeRouting, context.Request) is not { } found)
            return next(context);

        var answer = found.Answer;
        var age = table.AgeOf(answer);
        if (answer.PhaseAt(age, found.Windows) != Phase.Fresh)
            return next(context);

        // Spans, metrics and headers then have the route, as if the request had been routed.
        context.SetEndpoint(found.Endpoint);
        var headers = found.HeadersAt(age);
        answer.MarkUsed();
        call.Cache = CacheResult.Hit;
        call.CacheStatus = headers.Status;
        return AnswerWriter.WriteAsync(context, answer, headers.Age);
    }

    private static bool IsPlain(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return false;

        var headers = request.Headers;
        return headers.CacheControl.Count == 0 && headers.Pragma.Count == 0;
    }
}
