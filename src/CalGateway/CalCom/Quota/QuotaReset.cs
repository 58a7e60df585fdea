using System.Globalization;
using System.Net;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// Reads from an answer when an exhausted quota has requests again (X-RateLimit-Remaining-…, X-RateLimit-Reset-…). Some operations have quotas of their own:
/// those that are used up count, and of several the one that takes longest.
/// </summary>
internal static class QuotaReset
{
    /// <summary>The time from now; null if the answer does not tell it, or no quota is used up.</summary>
    public static TimeSpan? In(HttpResponseMessage answer, DateTimeOffset now)
    {
        var (left, resets) = (Numbers(answer, QuotaHeaders.RemainingHeader), Numbers(answer, QuotaHeaders.ResetHeader));
        if (resets.Count == 0)
            return null;

        var usedUp = resets.Where(reset => left.GetValueOrDefault(reset.Key) == 0).ToList();
        if (usedUp.Count == 0 && answer.StatusCode != HttpStatusCode.TooManyRequests)
            return null;

        return (usedUp.Count > 0 ? usedUp : [.. resets]).Max(reset => QuotaHeaders.WindowOf(reset.Value, answer, now));
    }

    /// <summary>Whether a 429 concerns all requests of the key. It does not if an operation's own quota is used up and the key's is not.</summary>
    public static bool IsOfAccount(HttpResponseMessage answer)
    {
        var left = Numbers(answer, QuotaHeaders.RemainingHeader);
        return left.GetValueOrDefault("", 1) == 0 || !left.Any(quota => quota.Key.Length > 0 && quota.Value == 0);
    }

    /// <summary>The values of a header by the name of the quota. The key's own quota has no name, or "Default"; here it is the empty name.</summary>
    private static Dictionary<string, long> Numbers(HttpResponseMessage answer, string header)
    {
        var numbers = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (!name.StartsWith(header, StringComparison.OrdinalIgnoreCase) || (name.Length > header.Length && name[header.Length] != '-'))
                continue;

            var quota = name[header.Length..];
            if (long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers[quota.Equals(QuotaHeaders.Default, StringComparison.OrdinalIgnoreCase) ? "" : quota] = number;
        }

        return numbers;
    }
}
