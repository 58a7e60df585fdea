using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Ahead of routing: serves what is fresh and was asked in the same words before. Whatever else, or whatever asks for a
/// second thought (directives, a stale answer), goes on to <see cref="CacheStage"/>.
/// </summary>
internal sealed class CacheFront(RequestDelegate next, PreparedAnswers prepared, AnswerTable table)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsPlain(context.Request))
            return next(context);

        var call = GatewayCall.Of(context);
        if (call.Partition is not { } partition || prepared.Find(call.AtStart.Part<Revision>()!, partition.Text, context.Request) is not { } found)
            return next(context);

        var answer = found.Answer;
        var age = table.AgeOf(answer);
        if (answer.PhaseAt(age, found.Windows) != Phase.Fresh)
            return next(context);

        // Everything behind that tells of the request (spans, metrics, headers) finds the route as if it had been routed.
        context.SetEndpoint(found.Endpoint);
        var moment = answer.MomentAt(age, found.Windows);
        call.Cache = CacheResult.Hit;
        call.CacheStatus = moment.Hit;
        found.Tally.Count(CacheResult.Hit);
        return AnswerWriter.WriteAsync(context, answer, moment.Age);
    }

    private static bool IsPlain(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return false;

        var headers = request.Headers;
        return headers.CacheControl.Count == 0 && headers.Pragma.Count == 0;
    }
}
