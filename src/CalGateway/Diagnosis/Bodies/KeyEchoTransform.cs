using System.Text;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Bodies;

/// <summary>
/// Prevents that an error answer which repeats the request, as a developer's error page does, shows the key to the caller. Successful bodies stream on
/// unread. Of an error body the first 64 KiB are examined first; none of Cal.com's own is larger. <see cref="CalCom.Headers.ResponseHygieneTransform"/> does
/// the same for headers.
/// </summary>
internal sealed class KeyEchoTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // A suppressed body has been replaced by one of the gateway's own problems.
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
