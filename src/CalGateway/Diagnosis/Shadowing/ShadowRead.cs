using System.Buffers;
using System.Diagnostics;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>A read that was answered at the pin and will be sent at the other version, with the first part of its answer.</summary>
internal sealed class ShadowRead : IDisposable
{
    /// <summary>The largest part of an answer that is compared.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int InitialCapacity = 4 * 1024;

    /// <summary>Headers that belong to one exchange, one stored answer or one trace, and are not sent again.</summary>
    private static readonly string[] OmittedHeaders =
    [
        "Authorization", ApiVersionPin.Header, "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range",
        "Idempotency-Key", "traceparent", "tracestate", "baggage", "Connection", "Transfer-Encoding",
    ];

    private readonly (string Name, string Value)[] _headers;
    private readonly Version _httpVersion;
    private readonly HttpVersionPolicy _policy;
    private byte[] _buffer = [];
    private int _length;

    /// <param name="version">The other version.</param>
    /// <param name="signature">The credential of the request; null where it was not signed.</param>
    /// <param name="sent">The request that was answered at the pin.</param>
    /// <param name="proxy">Gives the destination and the client of that request.</param>
    public ShadowRead(RoutePlan plan, string version, Operation operation, Signature? signature, HttpRequestMessage sent, IReverseProxyFeature proxy)
    {
        (Plan, Version, Operation, Signature) = (plan, version, operation, signature);
        (Client, Destination) = (proxy.Cluster.HttpClient, proxy.ProxiedDestination!.Model.Config.Address);
        Address = sent.RequestUri!;
        Cause = Activity.Current?.Context;
        _headers = [.. from header in sent.Headers.NonValidated where !OmittedHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase) select (header.Key, header.Value.ToString())];
        (_httpVersion, _policy) = (sent.Version, sent.VersionPolicy);
    }

    public RoutePlan Plan { get; }

    public string Version { get; }

    public Operation Operation { get; }

    public Signature? Signature { get; }

    public HttpMessageInvoker Client { get; }

    public Uri Address { get; }

    /// <summary>The base URL of the destination.</summary>
    public string Destination { get; }

    /// <summary>The span of the request that was answered; null where none is recorded.</summary>
    public ActivityContext? Cause { get; }

    /// <summary>The first part of the answer at the pin.</summary>
    public ReadOnlySpan<byte> Answer => _buffer.AsSpan(0, _length);

    /// <summary>True where the answer is longer than <see cref="Answer"/>.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Appends a part of the answer, up to the limit.</summary>
    public void Append(ReadOnlySpan<byte> part)
    {
        var fits = Math.Min(part.Length, MaxBytes - _length);
        IsCut |= fits < part.Length;
        if (fits <= 0)
            return;

        if (_length + fits > _buffer.Length)
            Grow(_length + fits);
        part[..fits].CopyTo(_buffer.AsSpan(_length));
        _length += fits;
    }

    /// <summary>Builds the same request with the other version.</summary>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Address) { Version = _httpVersion, VersionPolicy = _policy };
        foreach (var (name, value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Authorization = Signature?.Header;
        request.Headers.TryAddWithoutValidation(ApiVersionPin.Header, Version);
        return request;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(least, InitialCapacity), Math.Min(2 * _length, MaxBytes)));
        Answer.CopyTo(larger);
        var length = _length;
        Dispose();
        (_buffer, _length) = (larger, length);
    }
}
