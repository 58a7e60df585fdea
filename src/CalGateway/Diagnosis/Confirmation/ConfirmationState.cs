using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>A version mismatch that is to be confirmed by asking Cal.com at the other versions.</summary>
/// <param name="SentVersion">The version at which it missed.</param>
/// <param name="Destination">The base URL of the destination that was asked.</param>
/// <param name="Address">The address of the request that missed, with its query.</param>
/// <param name="Signature">The credential of that request; null where it was not signed.</param>
/// <param name="Cause">The span of the request that missed; null where none is recorded.</param>
internal sealed record ConfirmationRequest(
    ConfirmationState State, RoutePlan Plan, Operation Operation, string SentVersion, string Destination, Uri Address, Signature? Signature, HttpMessageInvoker Client,
    ActivityContext? Cause);

/// <summary>
/// The confirmations of one route of one revision, one for each version that missed: consumers and callers may have other versions than the pin.
/// </summary>
internal sealed class ConfirmationStates
{
    /// <summary>More than Cal.com has versions. A limit is necessary because some routes let callers send any version.</summary>
    private const int MaxVersions = 16;

    private readonly ConcurrentDictionary<string, ConfirmationState> _byVersion = new(StringComparer.Ordinal);

    /// <summary>Null where the limit is reached.</summary>
    public ConfirmationState? At(string version) =>
        _byVersion.TryGetValue(version, out var known) ? known : _byVersion.Count >= MaxVersions ? null : _byVersion.GetOrAdd(version, static _ => new ConfirmationState());
}

/// <summary>Whether one version of one route of one revision has been confirmed, and the result.</summary>
internal sealed class ConfirmationState
{
    private readonly Lock _lock = new();
    private bool _isUnderWay;
    private DateTimeOffset _notBefore;
    private ConfirmedVersions? _result;

    /// <summary>Null before Cal.com was asked, and where it could not be asked.</summary>
    public ConfirmedVersions? Result => Volatile.Read(ref _result);

    /// <summary>
    /// True for the one caller that may start. False while a confirmation runs, once the result is known, and until the time given to <see cref="Postpone"/>.
    /// </summary>
    public bool TryBegin(DateTimeOffset now)
    {
        lock (_lock)
            return Result is null && !_isUnderWay && now >= _notBefore && (_isUnderWay = true);
    }

    public void End(ConfirmedVersions confirmed) => Volatile.Write(ref _result, confirmed);

    /// <summary>Ends an attempt without a result. The next one may start at the given time.</summary>
    public void Postpone(DateTimeOffset until)
    {
        lock (_lock)
            (_isUnderWay, _notBefore) = (false, until);
    }
}
