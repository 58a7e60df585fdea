using System.Text;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Bodies;

/// <summary>
/// A server may say back what it was sent, as the error page of a developer does. No caller gets to see the key. A body that succeeds
/// streams on unread; that of an error is looked through before it is passed on, for its first 64 KiB, which no error of Cal.com's own
/// fills. Headers are looked at by <see cref="CalCom.Headers.ResponseHygieneTransform"/>.
/// </summary>
/// <param name="clock">For what drips.</param>
internal sealed class KeyEchoTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // What was replaced by a problem is ours already.
        if (context.SuppressResponseBody || context.ProxyResponse is not { } answer || GatewayCall.Of(context.HttpContext).Signature is not { } signature)
            return ValueTask.CompletedTask;

        return answer.IsSuccessStatusCode ? ValueTask.CompletedTask : ExamineBodyAsync(context, answer, signature);
    }

    private async ValueTask ExamineBodyAsync(ResponseTransformContext context, HttpResponseMessage answer, Signature signature)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, context.CancellationToken);
        if (FaultOf(body, answer, signature) is not { } fault)
        {
            body.PutBack(answer);
            return;
        }

        context.SuppressResponseBody = true;
        var problem = GatewayProblem.Of(
            ProblemTypes.UpstreamInvalid, $"Cal.com answered {(int)answer.StatusCode} with a text that cannot be passed on: {fault}.");
        await (problem with { ProxyError = "http_response_incomplete" }).WriteToAsync(context.HttpContext);
    }

    private static string? FaultOf(PeekedBody body, HttpResponseMessage answer, Signature signature) => body switch
    {
        { IsBroken: true } => "it broke off",
        _ when signature.IsQuotedIn(Encoding.UTF8.GetString(body.Unpacked(answer.Content.Headers.ContentEncoding).Span)) => "it quotes the credential that it was asked with",
        _ => null,
    };
}
