using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.CalCom.Credentials;
using CalGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// Records the spans of one gateway, even if others run in the same process: a trace counts if one of its spans comes from this gateway's host.
/// </summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;
    private readonly ActivitySource _own;

    public SpanRecorder(IServiceProvider gateway)
    {
        _own = gateway.GetRequiredService<ActivitySource>();
        var credentials = gateway.GetRequiredService<CredentialBook>(); // now: spans of other gateways end after this one is disposed
        var redaction = new AddressRedaction(() => credentials.All);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Yarp.ReverseProxy" or "System.Net.Http" or "CalGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                redaction.OnEnd(span); // as whoever exports them gets them
                _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of this gateway's requests, in the order in which they ended.</summary>
    public IReadOnlyList<Activity> All
    {
        get
        {
            var all = _spans.ToArray();
            var ours = all.Where(span => ReferenceEquals(span.Source, _own)).Select(span => span.TraceId).ToHashSet();
            return [.. all.Where(span => ours.Contains(span.TraceId))];
        }
    }

    public IReadOnlyList<Activity> Of(string traceId) => [.. All.Where(span => span.TraceId.ToHexString() == traceId)];

    /// <summary>The spans of traces that link to a trace of this gateway.</summary>
    public IReadOnlyList<Activity> CausedBy(string traceId)
    {
        var all = _spans.ToArray();
        var caused = all.Where(span => span.Links.Any(link => link.Context.TraceId.ToHexString() == traceId)).Select(span => span.TraceId).ToHashSet();
        return [.. all.Where(span => caused.Contains(span.TraceId))];
    }

    public void Dispose() => _listener.Dispose();
}
