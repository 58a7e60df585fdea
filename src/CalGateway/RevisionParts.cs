using CalGateway.Access;
using CalGateway.CalCom;
using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Diagnosis;
using CalGateway.Management;

namespace CalGateway;

/// <summary>What the rooms add to a revision. Start, reload, <c>check</c>, doctor and explain ask this list, in this order.</summary>
internal static class RevisionParts
{
    public static IReadOnlyList<RevisionPart> Of(AccessGround ground) =>
    [
        new AccessPart(ground),
        new CalComPart(),
        new DiagnosisPart(),
        new CachingPart(),
        new ManagementPart(ground.Addresses),
        new TelemetryPart(),
    ];
}
