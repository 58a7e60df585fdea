using System.Globalization;
using System.Net;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// In how long a quota that an answer names (X-RateLimit-Remaining-…, X-RateLimit-Reset-…) has requests again. Some calls have quotas of their own: the one
/// that is used up counts, and the longest where there are several.
/// </summary>
internal static class QuotaReset
{
    private const string Remaining = "X-RateLimit-Remaining";
    private const string Reset = "X-RateLimit-Reset";
    private const string Default = "-Default";

    /// <summary>Null where the answer does not tell, or has requests left of each.</summary>
    public static TimeSpan? In(HttpResponseMessage answer, DateTimeOffset now)
    {
        var (left, resets) = (Numbers(answer, Remaining), Numbers(answer, Reset));
        if (resets.Count == 0)
            return null;

        var usedUp = resets.Where(reset => left.GetValueOrDefault(reset.Key) == 0).ToList();
        if (usedUp.Count == 0 && answer.StatusCode != HttpStatusCode.TooManyRequests)
            return null;

        return (usedUp.Count > 0 ? usedUp : [.. resets]).Max(reset => QuotaHeaders.WindowOf(reset.Value, answer, now));
    }

    /// <summary>Whether a 429 is about all requests of the key. Where it names a quota of the call's own that is used up, and the key's is not, it is about that one.</summary>
    public static bool IsOfAccount(HttpResponseMessage answer)
    {
        var left = Numbers(answer, Remaining);
        return left.GetValueOrDefault("", 1) == 0 || !left.Any(quota => quota.Key.Length > 0 && quota.Value == 0);
    }

    /// <summary>By the quota's name; the one that all requests count in has none, or "Default".</summary>
    private static Dictionary<string, long> Numbers(HttpResponseMessage answer, string header)
    {
        var numbers = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (!name.StartsWith(header, StringComparison.OrdinalIgnoreCase) || (name.Length > header.Length && name[header.Length] != '-'))
                continue;

            var quota = name[header.Length..];
            if (long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers[quota.Equals(Default, StringComparison.OrdinalIgnoreCase) ? "" : quota] = number;
        }

        return numbers;
    }
}
