using CalGateway.Sandbox.Edge;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Faulting;

/// <summary>Applies a fault to a request.</summary>
internal sealed class FaultActor(EdgeWriter writer, TimeProvider time, CancellationToken stopping)
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    public Task ActAsync(ActiveFault active, HttpContext context, CalComRequest request, CalComServer calCom)
    {
        var fault = active.Fault;
        return fault.Kind switch
        {
            FaultKind.Status => writer.WriteAsync(context, MadeUp.Status(fault, request, time.GetUtcNow())),
            FaultKind.NonJson => writer.WriteAsync(context, MadeUp.Html(200, fault)),
            FaultKind.Html404 => writer.WriteAsync(context, MadeUp.Html(404, fault)),
            FaultKind.RateLimit => writer.WriteAsync(context, MadeUp.RateLimit(fault, request, time.GetUtcNow())),
            FaultKind.RenamedField => writer.WriteAsync(context, MadeUp.Renamed(fault, calCom.Answer(request))),
            FaultKind.MalformedJson => writer.WriteAsync(context, MadeUp.CutShort(calCom.Answer(request))),
            FaultKind.Delay => LateAsync(Task.Delay(fault.Duration, time, CancellationToken.None), active, context, request, calCom),
            FaultKind.Hang => LateAsync(Never, active, context, request, calCom),
            FaultKind.Reset => BrokenConnection.ResetAsync(context),
            FaultKind.ResetMidBody => BrokenConnection.ResetMidBodyAsync(context, calCom.Answer(request), fault.Chunked),
            FaultKind.Truncated => BrokenConnection.TruncateAsync(context, calCom.Answer(request)),
            FaultKind.SlowBody => SlowlyAsync(active, context, calCom.Answer(request)),
            FaultKind.HugeBody => HugeAsync(context, fault.Bytes),
            _ => throw new InvalidOperationException($"No such fault: {fault.Kind}."),
        };
    }

    private async Task LateAsync(Task until, ActiveFault active, HttpContext context, CalComRequest request, CalComServer calCom)
    {
        if (await WaitedInVainAsync(until, active, context))
            context.Abort();
        else
            await writer.WriteAsync(context, calCom.Answer(request));
    }

    private async Task SlowlyAsync(ActiveFault active, HttpContext context, Outgoing answer)
    {
        var body = answer.Payload.Bytes.AsMemory();
        writer.Begin(context, answer);
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = body.Length;
        var piece = (int)Math.Max(1, active.Fault.Bytes);
        for (var sent = 0; sent < body.Length; sent += piece)
        {
            await context.Response.Body.WriteAsync(body.Slice(sent, Math.Min(piece, body.Length - sent)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (await WaitedInVainAsync(Task.Delay(active.Fault.Duration, time, CancellationToken.None), active, context))
            {
                context.Abort();
                return;
            }
        }
    }

    private async Task HugeAsync(HttpContext context, long bytes)
    {
        var answer = new Outgoing(200, new Payload([]));
        writer.Begin(context, answer);
        context.Response.ContentType = answer.ContentType;
        foreach (var piece in MadeUp.HugeJson(bytes))
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
    }

    // True when the caller or the sandbox went away first.
    private async Task<bool> WaitedInVainAsync(Task until, ActiveFault active, HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var aborted = context.RequestAborted.Register(() => gone.TrySetResult());
        await using var stopped = stopping.Register(() => gone.TrySetResult());
        return await Task.WhenAny(until, active.Ended, gone.Task) == gone.Task;
    }
}
