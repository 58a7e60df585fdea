using System.Text;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.V1;

/// <summary>
/// A server that finds the key in its address may say the address back: in a redirect, in an error page. No caller gets to see it.
/// </summary>
internal sealed class KeyEchoTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer || GatewayCall.Of(context.HttpContext).Signature is not { } credential)
            return ValueTask.CompletedTask;

        var headers = context.HttpContext.Response.Headers;
        foreach (var (name, values) in headers.ToList())
        {
            if (credential.IsQuotedIn(values.ToString()))
                headers.Remove(name);
        }

        return answer.IsSuccessStatusCode ? ValueTask.CompletedTask : ExamineBodyAsync(context, answer, credential);
    }

    private async ValueTask ExamineBodyAsync(ResponseTransformContext context, HttpResponseMessage answer, Credential credential)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, context.CancellationToken);
        var text = Encoding.UTF8.GetString(body.Unpacked(answer.Content.Headers.ContentEncoding).Span);
        if (!body.IsBroken && !credential.IsQuotedIn(text))
        {
            body.PutBack(answer);
            return;
        }

        context.SuppressResponseBody = true;
        var problem = GatewayProblem.Of(
            ProblemTypes.UpstreamInvalid, $"Cal.com answered {(int)answer.StatusCode} with a text that cannot be passed on, since it quotes the gateway's credential or broke off.");
        await (problem with { ProxyError = "http_response_incomplete" }).WriteToAsync(context.HttpContext);
    }
}
