using System.Text;
using CalGateway.Diagnosis;
using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// A server may say back what it was sent: an address with the key in a redirect, a header in the error page of a developer. No
/// caller gets to see the key. What succeeds streams on unread; an error is looked through before it is passed on, for its first
/// 64 KiB, which no error of Cal.com's own fills.
/// </summary>
/// <param name="inAddress">The key stands in the address, as in API v1, and may come back in a header of any answer.</param>
/// <param name="clock">For what drips.</param>
internal sealed class KeyEchoTransform(bool inAddress, TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // What was replaced by a problem is ours already.
        if (context.SuppressResponseBody || context.ProxyResponse is not { } answer || GatewayCall.Of(context.HttpContext).Signature is not { } credential)
            return ValueTask.CompletedTask;

        if (inAddress || !answer.IsSuccessStatusCode)
            RemoveFrom(context.HttpContext.Response.Headers, credential);
        return answer.IsSuccessStatusCode ? ValueTask.CompletedTask : ExamineBodyAsync(context, answer, credential);
    }

    private static void RemoveFrom(IHeaderDictionary headers, Credential credential)
    {
        foreach (var (name, values) in headers.ToList())
        {
            if (credential.IsQuotedIn(values.ToString()))
                headers.Remove(name);
        }
    }

    private async ValueTask ExamineBodyAsync(ResponseTransformContext context, HttpResponseMessage answer, Credential credential)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, context.CancellationToken);
        if (FaultOf(body, answer, credential) is not { } fault)
        {
            body.PutBack(answer);
            return;
        }

        context.SuppressResponseBody = true;
        var problem = GatewayProblem.Of(
            ProblemTypes.UpstreamInvalid, $"Cal.com answered {(int)answer.StatusCode} with a text that cannot be passed on: {fault}.");
        await (problem with { ProxyError = "http_response_incomplete" }).WriteToAsync(context.HttpContext);
    }

    private static string? FaultOf(PeekedBody body, HttpResponseMessage answer, Credential credential) => body switch
    {
        { IsBroken: true } => "it broke off",
        _ when credential.IsQuotedIn(Encoding.UTF8.GetString(body.Unpacked(answer.Content.Headers.ContentEncoding).Span)) => "it quotes the gateway's credential",
        _ => null,
    };
}
