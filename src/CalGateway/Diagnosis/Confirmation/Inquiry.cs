using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>What is to be asked of Cal.com.</summary>
/// <param name="Inquiry">Where the evidence is put.</param>
/// <param name="Plan">On which route.</param>
/// <param name="Operation">That missed.</param>
/// <param name="Sent">The version at which it did.</param>
/// <param name="Address">Where it was asked, its query included: the same read.</param>
/// <param name="Signature">By whose credential; null for a stranger's request.</param>
/// <param name="Client">That asks as the forwarder does.</param>
/// <param name="Cause">The span of the request that missed; null where nobody records it.</param>
internal sealed record Question(
    Inquiry Inquiry, RoutePlan Plan, Operation Operation, string Sent, Uri Address, Signature? Signature, HttpMessageInvoker Client, ActivityContext? Cause);

/// <summary>What has been found out for one route of one revision, by the version that missed: consumers and callers may have others than the pin.</summary>
internal sealed class Inquiries
{
    /// <summary>More than Cal.com has. Where the file lets it through, callers may send anything.</summary>
    private const int MostVersions = 16;

    private readonly ConcurrentDictionary<string, Inquiry> _byVersion = new(StringComparer.Ordinal);

    /// <summary>Null for one version too many.</summary>
    public Inquiry? At(string version) =>
        _byVersion.TryGetValue(version, out var known) ? known : _byVersion.Count >= MostVersions ? null : _byVersion.GetOrAdd(version, static _ => new Inquiry());
}

/// <summary>What has been found out for one version on one route of one revision.</summary>
internal sealed class Inquiry
{
    private readonly Lock _lock = new();
    private bool _isUnderWay;
    private DateTimeOffset _notBefore;
    private Evidence? _evidence;

    /// <summary>Null before it was asked, and where it could not be.</summary>
    public Evidence? Evidence => Volatile.Read(ref _evidence);

    /// <summary>True for the one who may ask; false while it is asked, once it is known, and for a while after it could not be.</summary>
    public bool TryBegin(DateTimeOffset now)
    {
        lock (_lock)
            return Evidence is null && !_isUnderWay && now >= _notBefore && (_isUnderWay = true);
    }

    public void End(Evidence evidence) => Volatile.Write(ref _evidence, evidence);

    /// <summary>It was not the moment.</summary>
    public void PutOff(DateTimeOffset until)
    {
        lock (_lock)
            (_isUnderWay, _notBefore) = (false, until);
    }
}
