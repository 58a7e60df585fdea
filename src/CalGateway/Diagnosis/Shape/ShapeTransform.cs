using System.Net;
using CalGateway.Catalogue;
using CalGateway.Configuration.Settings;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Journey;
using CalGateway.Problems;
using CalGateway.Telemetry;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Shape;

/// <summary>
/// Detects that Cal.com does not know the sent version: it then answers 200 in its oldest shape. The first bytes of an answer show its shape; the rest
/// streams on.
/// </summary>
internal sealed partial class ShapeTransform(
    SettingsFile file, GatewayMetrics metrics, TimeProvider clock, ILogger<ShapeTransform> logger) : ResponseTransform
{
    /// <summary>The marks of a shape are within the first few hundred bytes. An answer without them there counts as unknown.</summary>
    private const int MaxBytes = 512;

    /// <summary>The other possible cause, where Cal.com should know the version.</summary>
    private const string DroppedHeader = "Check that nothing between the gateway and Cal.com drops the cal-api-version header.";

    /// <summary>For an answer that comes slowly: after this time, the bytes that came are passed on.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMilliseconds(250);

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        if (call.Plan?.Part<DiagnosisPlan>()?.Shape is not { } watch || call.SentApiVersion is not { } sent || !IsPlainSuccess(context.ProxyResponse))
            return ValueTask.CompletedTask;

        return call.Operation is { Shapes: { } marks } operation && !operation.LegacyVersions.Contains(sent)
            ? ExamineAsync(context, call, watch, operation, marks)
            : ValueTask.CompletedTask;
    }

    private async ValueTask ExamineAsync(ResponseTransformContext context, GatewayCall call, ShapeWatch watch, Operation operation, ShapeMarks marks)
    {
        if (await ReadShapeAsync(context.ProxyResponse!, marks, context.CancellationToken) != SeenShape.Legacy)
            return;

        call.IsLegacyShape = true;
        var problem = ProblemFor(operation, call, context);
        metrics.ShapeMismatch(call.Plan!.RouteId);
        if (watch.IsFirst())
            Log.LegacyShape(logger, call.Plan.RouteId, call.Revision, problem.Detail, call.RemedyFor(problem), call.TraceId);

        if (watch.Rule == ShapeRule.Enforce && HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            context.SuppressResponseBody = true;
            await problem.WriteToAsync(context.HttpContext);
        }
    }

    private static bool IsPlainSuccess(HttpResponseMessage? answer) =>
        answer is { StatusCode: HttpStatusCode.OK or HttpStatusCode.Created }
        && answer.Content.Headers is { ContentType.MediaType: "application/json", ContentEncoding.Count: 0 };

    /// <summary>Reads until the shape is known, usually once, and puts the bytes back in front of the rest.</summary>
    private async ValueTask<SeenShape> ReadShapeAsync(HttpResponseMessage answer, ShapeMarks marks, CancellationToken cancellation)
    {
        var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxBytes];
        var (count, seen) = (0, SeenShape.Unknown);
        PendingRead? pending = null;
        while (seen == SeenShape.Unknown && count < buffer.Length)
        {
            var read = body.ReadAsync(buffer.AsMemory(count), cancellation).AsTask();
            if (count > 0 && !read.IsCompleted && await Task.WhenAny(read, Task.Delay(ReadTimeout, clock, cancellation)) != read)
            {
                pending = new PendingRead(read, buffer.AsMemory(count));
                break;
            }

            var more = await read;
            if (more == 0)
                break;
            seen = Fingerprint.Read(buffer.AsSpan(0, count += more), marks);
        }

        answer.Content = new StreamContent(new RewoundStream(buffer.AsMemory(0, count), body, pending));
        return seen;
    }

    private GatewayProblem ProblemFor(Operation operation, GatewayCall call, ResponseTransformContext context)
    {
        var sent = call.SentApiVersion!;
        var suggested = operation.RecommendedVersion;
        return GatewayProblem.Of(
            ProblemTypes.ShapeMismatch,
            $"{operation} was asked at cal-api-version {sent} and answered in the shape of {operation.LegacyVersions[^1]}: this Cal.com does not know {sent}.",
            DroppedHeader) with
        {
            Version = suggested is null || suggested == sent ? null : new VersionRemedy(file.Name, suggested, DroppedHeader),
            SentVersion = sent,
            SupportedVersions = operation.Versions,
            SuggestedVersion = suggested == sent ? null : suggested,
            Upstream = new UpstreamAnswer
            {
                Status = (int)context.ProxyResponse!.StatusCode,
                Method = operation.Method,
                Path = UpstreamPath.Of(context),
                RequestId = call.UpstreamRequestId,
            },
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Route {Route} of revision {Revision} is answered in an older shape: {Detail} {Remedy} trace={TraceId}")]
        public static partial void LegacyShape(ILogger logger, string route, string revision, string detail, string? remedy, string traceId);
    }
}
