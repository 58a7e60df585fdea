using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// How many requests a consumer wanted and was given of a key in the current window, at one gateway. Gateways that share the key exchange these reports, so that a
/// consumer's share does not depend on the number of gateways that it asks.
/// </summary>
/// <param name="Id">The consumer's name, hashed: names are not put into Redis.</param>
/// <param name="Share">Its weight, as the settings have it.</param>
/// <param name="Asked">Requests that it wanted to send, including refused ones.</param>
/// <param name="Used">Requests that were sent.</param>
internal readonly record struct ConsumerReport(string Id, double Share, int Asked, int Used)
{
    /// <summary>The most consumers that one gateway reports.</summary>
    public const int MaxReported = 32;

    private const int MaxRequests = 1_000_000;
    private const double MaxShare = 1_000_000;
    private const int IdLength = 16;
    private const int MaxTextLength = MaxReported * 64;

    public static string IdOf(string? name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((name ?? "").ToLowerInvariant())))[..IdLength];

    public static string Write(IEnumerable<ConsumerReport> reports) =>
        string.Join(';', reports.Select(report => string.Create(CultureInfo.InvariantCulture, $"{report.Id},{report.Share},{report.Asked},{report.Used}")));

    /// <summary>Reads what another gateway wrote. Whatever has another form is left out: others may write into the same Redis.</summary>
    public static IEnumerable<ConsumerReport> Read(string text) =>
        text.Length > MaxTextLength ? [] : text.Split(';').Take(MaxReported).Select(ReadOne).OfType<ConsumerReport>();

    private static ConsumerReport? ReadOne(string text) =>
        text.Split(',') is [{ Length: IdLength } id, var share, var asked, var used]
        && double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight is > 0 and <= MaxShare
        && int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var wished)
        && int.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)
            ? new ConsumerReport(id, weight, Math.Min(wished, MaxRequests), Math.Min(sent, MaxRequests))
            : null;
}
