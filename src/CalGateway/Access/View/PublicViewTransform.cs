using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Journey;
using CalGateway.Problems;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Access.View;

/// <summary>Removes from a list what anonymous callers must not see, before it is stored or sent. An answer that cannot be read completely does not pass.</summary>
internal sealed class PublicViewTransform : ResponseTransform
{
    private const long MaxListBytes = 4 * 1024 * 1024;

    public override ValueTask ApplyAsync(ResponseTransformContext context) =>
        GatewayCall.Of(context.HttpContext).IsFiltered
        && context is { ProxyResponse: { } answer, HttpContext.Response.StatusCode: < StatusCodes.Status300MultipleChoices }
            ? FilterAsync(context, context.HttpContext, answer)
            : ValueTask.CompletedTask;

    private static async ValueTask FilterAsync(ResponseTransformContext context, HttpContext http, HttpResponseMessage answer)
    {
        var headers = http.Response.Headers;
        headers.ETag = default;
        headers.ContentLength = null;
        headers.LastModified = default;
        if (HttpMethods.IsHead(http.Request.Method))
            return;

        if (http.Response.StatusCode == StatusCodes.Status200OK && await ReadAsync(answer, context.CancellationToken) is { } seen)
        {
            answer.Content = new ByteArrayContent(seen);
            headers.ContentLength = seen.Length;
            return;
        }

        context.SuppressResponseBody = true;
        await GatewayProblem
            .Of(ProblemTypes.UpstreamInvalid, "Cal.com's answer is not the list that was expected, so that nothing of it can be shown to callers that the gateway does not know.")
            .WriteToAsync(http);
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(MaxListBytes, cancellation);
            await using var text = await answer.Content.ReadAsStreamAsync(cancellation);
            return PublicView.Of(await JsonNode.ParseAsync(text, cancellationToken: cancellation)) is { } seen ? JsonSerializer.SerializeToUtf8Bytes(seen) : null;
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException or InvalidOperationException or ArgumentException)
        {
            return null; // too long, compressed, incomplete, no JSON, or a name twice: the caller is answered with a problem
        }
    }
}
