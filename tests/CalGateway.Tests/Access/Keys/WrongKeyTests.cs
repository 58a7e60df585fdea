using System.Globalization;
using CalGateway.Access.Callers;
using CalGateway.Journey.Callers;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Keys;

/// <summary>What wrong keys cost. Alone, because the heap of the whole process is measured.</summary>
[Collection(RunsAlone.Name)]
public sealed class WrongKeyTests
{
    private const int Keys = 100_000; // each that is remembered takes some eighty bytes
    private const int Allowed = 2 << 20;

    [Fact]
    public void However_many_wrong_keys_come_only_a_few_are_remembered()
    {
        var hash = KeyHash.Parse(AccessSettings.OlderHash(AccessSettings.Key))!;
        var website = new Caller("website", CallerKind.ApiKey, rights: "", new Credential("cal_test_an_account"));
        var ring = new KeyRing([new CallerKey(hash, null, website)], new OlderHashes());
        var now = DateTimeOffset.UnixEpoch;
        Assert.Null(ring.Find("warm", now));

        var before = Held();
        for (var wrong = 0; wrong < Keys; wrong++)
            Assert.Null(ring.Find(wrong.ToString(CultureInfo.InvariantCulture), now));

        Assert.InRange(Held() - before, long.MinValue, Allowed);
        Assert.NotNull(ring.Find(AccessSettings.Key, now));
    }

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
