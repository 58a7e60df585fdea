using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>Cal.com's announcement that an operation will end.</summary>
/// <param name="Operation">Method and path template.</param>
/// <param name="Since">When it became or becomes deprecated; null where Cal.com does not say.</param>
/// <param name="Sunset">When it stops answering; null where Cal.com does not say.</param>
internal sealed record DeprecationNotice(string Operation, DateTimeOffset? Since, DateTimeOffset? Sunset)
{
    public const string DeprecationHeader = "Deprecation";
    public const string SunsetHeader = "Sunset";

    /// <summary>
    /// Reads RFC 9745's <c>@1688169599</c> and RFC 8594's date; drafts of RFC 9745 allowed a date or <c>true</c> instead. Null where neither header has a
    /// value that can be read.
    /// </summary>
    public static DeprecationNotice? Read(string operation, StringValues deprecation, StringValues sunset)
    {
        var since = Instant(deprecation.ToString()) ?? Date(deprecation.ToString());
        var end = Date(sunset.ToString());
        var isDeprecated = since is not null || string.Equals(deprecation.ToString().Trim(), "true", StringComparison.OrdinalIgnoreCase);
        return isDeprecated || end is not null ? new DeprecationNotice(operation, since, end) : null;
    }

    public override string ToString() =>
        $"{Operation} is deprecated{(Since is { } since ? FormattableString.Invariant($" since {since:yyyy-MM-dd}") : "")}" +
        $"{(Sunset is { } sunset ? FormattableString.Invariant($" and will stop answering on {sunset:yyyy-MM-dd}") : "")}.";

    private static DateTimeOffset? Instant(string value) =>
        value is ['@', ..] && long.TryParse(value.AsSpan(1).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static DateTimeOffset? Date(string value) =>
        DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
