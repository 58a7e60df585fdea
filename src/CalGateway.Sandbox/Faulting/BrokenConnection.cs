using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CalGateway.Sandbox.Edge;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CalGateway.Sandbox.Faulting;

/// <summary>
/// Breaks the connection itself. The bytes are written directly to the socket, not through Kestrel: only then is it certain which bytes were sent before
/// the end, and whether the end is a reset or a clean close.
/// </summary>
internal static class BrokenConnection
{
    public static Task ResetAsync(HttpContext context)
    {
        End(context, reset: true);
        return Task.CompletedTask;
    }

    public static Task ResetMidBodyAsync(HttpContext context, Outgoing answer, bool chunked) =>
        SendHalfAsync(context, answer, chunked, reset: true);

    public static Task TruncateAsync(HttpContext context, Outgoing answer) =>
        SendHalfAsync(context, answer, chunked: false, reset: false);

    private static async Task SendHalfAsync(HttpContext context, Outgoing answer, bool chunked, bool reset)
    {
        var body = answer.Payload.Bytes;
        var half = body.AsMemory(0, body.Length / 2);
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        var head = $"HTTP/1.1 {answer.Status} Answer\r\nServer: cloudflare\r\nContent-Type: {answer.ContentType}\r\n{framing}\r\n\r\n";
        if (chunked)
            head += half.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n";

        await SendAsync(context, Encoding.ASCII.GetBytes(head));
        await SendAsync(context, half);
        End(context, reset);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await SocketOf(context).SendAsync(bytes, SocketFlags.None, context.RequestAborted)..];
    }

    private static void End(HttpContext context, bool reset)
    {
        var socket = SocketOf(context);
        if (reset)
            socket.LingerState = new LingerOption(true, 0); // with a linger time of zero, closing sends a TCP reset
        socket.Close();
        context.Abort();
    }

    private static Socket SocketOf(HttpContext context) => context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
