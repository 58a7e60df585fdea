using CalGateway.Access;
using CalGateway.CalCom;
using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Diagnosis;
using CalGateway.Management;
using CalGateway.Management.Tokens;

namespace CalGateway;

/// <summary>What the rooms add to a revision. Start, reload, <c>check</c>, doctor and explain ask this list, in this order.</summary>
internal static class RevisionParts
{
    /// <param name="ground">What access stands on.</param>
    /// <param name="tokens">The files that hold operators' tokens; null for a check, which reads none.</param>
    public static IReadOnlyList<RevisionPart> Of(AccessGround ground, TokenFiles? tokens = null) =>
    [
        new AccessPart(ground),
        new CalComPart(),
        new DiagnosisPart(),
        new CachingPart(),
        new ManagementPart(ground.Addresses, tokens),
        new TelemetryPart(),
    ];
}
