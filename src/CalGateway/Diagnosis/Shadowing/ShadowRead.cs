using System.Diagnostics;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>A read that was answered at the pin and will be sent at the other version.</summary>
/// <param name="version">The other version.</param>
/// <param name="signature">The credential of the request; null where it was not signed.</param>
/// <param name="sent">The request that was answered at the pin.</param>
/// <param name="proxy">Gives the destination and the client of that request.</param>
internal sealed class ShadowRead(RoutePlan plan, string version, Operation operation, Signature? signature, HttpRequestMessage sent, IReverseProxyFeature proxy)
{
    /// <summary>The largest part of an answer that is compared.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Headers that belong to one exchange, one stored answer or one trace, and are not sent again.</summary>
    private static readonly string[] OmittedHeaders =
    [
        "Authorization", ApiVersionPin.Header, "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range",
        "Idempotency-Key", "traceparent", "tracestate", "baggage", "Connection", "Transfer-Encoding",
    ];

    private readonly (string Name, string Value)[] _headers =
        [.. from header in sent.Headers.NonValidated where !OmittedHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase) select (header.Key, header.Value.ToString())];

    private readonly Uri _address = sent.RequestUri!;
    private readonly Version _httpVersion = sent.Version;
    private readonly HttpVersionPolicy _policy = sent.VersionPolicy;

    public RoutePlan Plan => plan;

    public string Version => version;

    public Operation Operation => operation;

    public Signature? Signature => signature;

    public HttpMessageInvoker Client { get; } = proxy.Cluster.HttpClient;

    /// <summary>The base URL of the destination.</summary>
    public string Destination { get; } = proxy.ProxiedDestination!.Model.Config.Address;

    /// <summary>The span of the request that was answered; null where none is recorded.</summary>
    public ActivityContext? Cause { get; } = Activity.Current?.Context;

    /// <summary>The first part of the answer at the pin.</summary>
    public ReadOnlyMemory<byte> Answer { get; private set; }

    /// <summary>True where <see cref="Answer"/> is the complete answer.</summary>
    public bool IsWhole { get; private set; }

    public void Complete(ReadOnlyMemory<byte> answer, bool isWhole) => (Answer, IsWhole) = (answer, isWhole);

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _address) { Version = _httpVersion, VersionPolicy = _policy };
        foreach (var (name, value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Authorization = Signature?.Header;
        request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, Version);
        return request;
    }
}
