using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.Diagnosis;

/// <summary>
/// A route's <c>Timeout</c>: how long a caller waits in total, both for forwarded requests and for a fill of the cache. The fill continues after the timeout,
/// so the next caller may find its answer.
/// </summary>
internal sealed class RouteTimeout(RequestDelegate next, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context) =>
        GatewayCall.Of(context) is { Plan.Timeout: { } timeout } call ? WithinAsync(context, call, timeout) : next(context);

    private async Task WithinAsync(HttpContext context, GatewayCall call, TimeSpan timeout)
    {
        var caller = context.RequestAborted;
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, deadline.Token);
        var isGivenUp = false;
        context.RequestAborted = either.Token;
        call.Deadline = deadline.Token;
        try
        {
            await next(context);
            isGivenUp = context.Features[typeof(IForwarderErrorFeature)] is not null && call.ProblemCode is null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            isGivenUp = true;
        }
        finally
        {
            context.RequestAborted = caller;
        }

        if (!isGivenUp || !deadline.IsCancellationRequested || caller.IsCancellationRequested)
            return;

        var problem = ForwardingFailures.TimedOut(
            $"{call.Plan!.UpstreamName} did not answer within the {timeout:c} of ReverseProxy:Routes:{call.Plan.RouteId}:Timeout.");
        if (context.Response.HasStarted)
            call.ProblemCode = problem.Code; // YARP has cut the connection
        else
            await problem.WriteToAsync(context);
    }
}
