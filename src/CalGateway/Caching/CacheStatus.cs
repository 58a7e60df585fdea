using System.Globalization;

namespace CalGateway.Caching;

/// <summary>The values of <c>Cache-Status</c> (RFC 9211) under our name.</summary>
internal static class CacheStatus
{
    public const string Stored = "CalGateway; fwd=uri-miss; stored";
    public const string Forwarded = "CalGateway; fwd=uri-miss";
    public const string Collapsed = "CalGateway; fwd=uri-miss; collapsed";

    /// <param name="left">For how long the entry is still fresh; told in whole seconds.</param>
    public static string Hit(TimeSpan left) =>
        string.Create(CultureInfo.InvariantCulture, $"CalGateway; hit; ttl={(long)Math.Ceiling(left.TotalSeconds)}");

    /// <param name="detail">A token of RFC 9651: letters, digits and hyphens.</param>
    public static string Bypass(string detail) => $"CalGateway; fwd=bypass; detail={detail}";
}
