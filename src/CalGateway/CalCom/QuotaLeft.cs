using System.Globalization;

namespace CalGateway.CalCom;

/// <summary>What Cal.com says, with most answers, is left of the key's requests a minute.</summary>
internal static class QuotaLeft
{
    /// <summary>What is done besides serving callers ends here.</summary>
    public const int Reserve = 15;

    private const string Header = "X-RateLimit-Remaining";

    /// <summary>Null where the answer does not tell.</summary>
    public static int? In(HttpResponseMessage answer)
    {
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (name.StartsWith(Header, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var left))
            {
                return left;
            }
        }

        return null;
    }
}
