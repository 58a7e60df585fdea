using CalGateway.CalCom.Traffic;
using CalGateway.Problems;

namespace CalGateway.Management.Concerns;

/// <summary>Concerns about Cal.com: does it answer, and does it accept the key?</summary>
internal static class UpstreamConcerns
{
    private const double MinFailureShare = 0.05;
    private const int MinFailures = 3;

    /// <summary>The quota is low when this fraction of it is left: one eighth.</summary>
    private const int LowQuotaDivisor = 8;

    /// <summary>A rejection counts for this long even if another request was accepted since: there may be more than one key.</summary>
    private static readonly TimeSpan RejectionLifetime = TimeSpan.FromMinutes(1);

    public static IEnumerable<Concern> Of(GatewayFacts facts)
    {
        if (IsRejected(facts, facts.CredentialFingerprint))
        {
            yield return new Concern(
                ConcernLevel.Failing, "credential-rejected", "Cal.com does not accept the gateway's key",
                "It answers 401 or 403 to what the gateway signs, and callers get 502 credential-rejected: there is nothing that they can do.",
                "Give the gateway a valid key in CALCOM_API_KEY or CALCOM_API_KEY_FILE; a key file is read again within two seconds.");
        }

        foreach (var (account, _) in facts.AccountFingerprints.Where(account => IsRejected(facts, account.Value)))
        {
            yield return new Concern(
                ConcernLevel.Failing, "credential-rejected", $"Cal.com does not accept the key of the account \"{account}\"",
                "It answers 401 or 403 to what the gateway signs for the consumers of this account, and they get 502 credential-rejected: there is nothing that they can do.",
                $"Put a valid key where CalGateway:Access:Credentials:{account} says; a key file is read again within two seconds.");
        }

        if (Availability(facts.Upstream, facts.Now) is { } unavailable)
            yield return unavailable;
        foreach (var failure in facts.FailingClusters.Where(failure => facts.Now - failure.At <= ConcernCollector.RecentWindow))
            yield return OfCluster(failure);
        foreach (var concern in OfKey("The key's quota", facts.Quota, facts.Protection))
            yield return concern;
        foreach (var concern in facts.Accounts.SelectMany(account => OfKey($"The quota of the account \"{account.Account}\"", account.Quota, account.Protection)))
            yield return concern;
    }

    private static IEnumerable<Concern> OfKey(string whoseQuota, QuotaStatus? quota, ProtectionStatus? protection) =>
        [.. protection is null ? [] : Of(protection), .. Quota(quota, whoseQuota) is { } concern ? [concern] : Array.Empty<Concern>()];

    /// <summary>Rejections of a key that was replaced since do not count: they have another fingerprint. Nor do those of another Cal.com than the file names now.</summary>
    private static bool IsRejected(GatewayFacts facts, string fingerprint)
    {
        var rejected = facts.Problems.FirstOrDefault(problem =>
            problem.Code == ProblemTypes.CredentialRejected.Code && problem.Fingerprint == fingerprint && problem.UpstreamAddresses == facts.Revision.CalComAddressesText);
        return rejected is not null
            && facts.Now - rejected.Last < ConcernCollector.RecentWindow
            && (facts.Upstream.LastAccepted is not { } accepted || rejected.Last > accepted.At || facts.Now - rejected.Last < RejectionLifetime);
    }

    private static Concern? Availability(UpstreamFacts upstream, DateTimeOffset now)
    {
        if (upstream.LastFailure is not { } failure || now - failure.At > ConcernCollector.RecentWindow)
            return null;

        if (failure.At > (upstream.LastAnswer?.At ?? DateTimeOffset.MinValue))
        {
            return failure.Status is { } status
                ? new Concern(
                    ConcernLevel.Failing, "upstream-down", $"Cal.com fails with {status}",
                    "Its last answer was an error of its own. Lists that are stored are served in the meantime; everything else goes wrong.",
                    "Look at Cal.com's status page. Here there is nothing to mend: the gateway is well again as soon as Cal.com is.")
                : new Concern(
                    ConcernLevel.Failing, "upstream-down", "Cal.com cannot be reached",
                    "The last request to it got no answer. Lists that are stored are served in the meantime; everything else goes wrong.",
                    "Check the address, DNS and outgoing connections of this host (doctor tells which of them fails), then Cal.com's status page.");
        }

        return upstream.Failures >= MinFailures && upstream.Failures >= MinFailureShare * upstream.Requests
            ? new Concern(
                ConcernLevel.Warning, "upstream-unsteady", "Some requests to Cal.com fail",
                "Within the last minute one in twenty or more got no answer, or an error of Cal.com's own.",
                "Look at Cal.com's status page, and below at how long its answers take.")
            : null;
    }

    private static Concern OfCluster(OtherClusters.Failure failure) => new(
        ConcernLevel.Warning, "cluster-down",
        failure.Status is { } status ? $"The cluster \"{failure.Cluster}\" fails with {status}" : $"The cluster \"{failure.Cluster}\" does not answer",
        "So ended the last request that a route sent there. What goes to Cal.com is not concerned.",
        $"Look at the servers under ReverseProxy:Clusters:{failure.Cluster}:Destinations.");

    private static IEnumerable<Concern> Of(ProtectionStatus protection)
    {
        if (protection.Circuit != "closed")
        {
            yield return new Concern(
                ConcernLevel.Failing, "circuit-open", "Cal.com is given time to recover",
                "Most of the latest requests to it failed, so that nothing is sent but one request now and then that tries. Lists that are stored are served; everything else is 503 circuit-open.",
                "Look at Cal.com's status page. The gateway goes on by itself as soon as one request is answered.");
        }

        if (protection.Waiting > 0)
        {
            yield return new Concern(
                ConcernLevel.Warning, "upstream-crowded", $"{protection.AtCalCom} requests are at Cal.com, and {protection.Waiting} wait for them",
                "No more than CalGateway:Upstream:MaxConcurrency are sent at once; as many again wait, and the rest is 503 circuit-open.",
                "See below how long Cal.com's answers take. If it is well, cache more, or raise CalGateway:Upstream:MaxConcurrency.");
        }
    }

    /// <param name="whose">The subject of the title, such as "The key's quota".</param>
    private static Concern? Quota(QuotaStatus? quota, string whose) => quota switch
    {
        { Left: 0 } or { Left: not null, Refused: > 0 } => new Concern(
            ConcernLevel.Failing, "quota-exhausted", $"{whose} at Cal.com is used up",
            $"Of the {quota.Limit} requests of this window {quota.Left} are left, and {quota.Refused} were refused with 503 quota-exhausted; stored lists are served in the meantime.",
            "Have more lists cached, or for longer (CalGateway:Cache:Policies), or ask Cal.com for a higher limit."),
        { Left: { } left } when left * LowQuotaDivisor <= quota.Limit => new Concern(
            ConcernLevel.Warning, "quota-low", $"{whose} at Cal.com is nearly used up",
            $"{left} of {quota.Limit} requests are left of this window; the last of them are kept for writes.",
            "Have more lists cached, or for longer (CalGateway:Cache:Policies), or ask Cal.com for a higher limit."),
        _ => null,
    };
}
