using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Tests.Telemetry.Otlp;

/// <summary>A collector that decodes what it is sent, over gRPC or over HTTP; everything else is not found.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string Grpc = "grpc";
    public const string Http = "http/protobuf";

    private const int FrameHeader = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<OtlpPoint> _points = new();
    private readonly ConcurrentQueue<byte[]> _bodies = new();

    private OtlpReceiver(string protocol)
    {
        Protocol = protocol;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listener => listener.Protocols = protocol == Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Protocol { get; }

    public Uri Address => new(_app.Urls.First());

    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    /// <summary>Every export's points, the oldest first.</summary>
    public IReadOnlyList<OtlpPoint> Points => [.. _points];

    /// <summary>Every message as it came.</summary>
    public IReadOnlyList<byte[]> Bodies => [.. _bodies];

    /// <summary>The variables that have a gateway export here, and soon.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.AbsoluteUri,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = Protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
    };

    public static async Task<OtlpReceiver> StartAsync(string protocol)
    {
        var receiver = new OtlpReceiver(protocol);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public IReadOnlyList<OtlpSpan> Trace(string id) => [.. Spans.Where(span => span.TraceId == id)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var message = Protocol == Grpc ? Unframed(buffer.ToArray()) : buffer.ToArray();
        _bodies.Enqueue(message);

        switch (context.Request.Path.Value)
        {
            case "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export":
                foreach (var span in OtlpTraces.Decode(message))
                    _spans.Enqueue(span);
                break;
            case "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export":
                foreach (var point in OtlpMetrics.Decode(message))
                    _points.Enqueue(point);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }

        await AcceptAsync(context.Response);
    }

    /// <summary>One gRPC frame: whether it is compressed, how long it is, the message.</summary>
    private static byte[] Unframed(byte[] frame)
    {
        if (frame[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) != frame.Length - FrameHeader)
            throw new FormatException("This is not one uncompressed gRPC message.");
        return frame[FrameHeader..];
    }

    /// <summary>An empty message says that all of it was accepted.</summary>
    private async Task AcceptAsync(HttpResponse response)
    {
        if (Protocol != Grpc)
        {
            response.ContentType = "application/x-protobuf";
            return;
        }

        response.ContentType = "application/grpc";
        await response.Body.WriteAsync(new byte[FrameHeader]);
        response.AppendTrailer("grpc-status", "0");
    }
}
