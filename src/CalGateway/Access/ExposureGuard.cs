using System.Net;
using CalGateway.Access.Settings;
using CalGateway.Configuration;

namespace CalGateway.Access;

/// <summary>
/// In the mode Loopback everybody who reaches the address acts as the owner, so no other machine may reach it. The rule holds at start, at reload and in
/// <c>check</c>: an edit cannot set this mode for an address that is public.
/// </summary>
internal static class ExposureGuard
{
    private const string Below = ".localhost";

    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps];

    public static IEnumerable<Finding> Examine(AccessMode mode, IReadOnlyList<string> addresses)
    {
        if (addresses.FirstOrDefault(address => !IsAddress(address)) is { } unreadable)
        {
            yield return Finding.Error($"\"{unreadable}\" (--urls) is no address to serve callers at. Write scheme, host and port, such as {GatewayOptions.DefaultUrl}.");
            yield break;
        }

        if (mode != AccessMode.Loopback || addresses.Where(address => !IsLoopback(address)).ToList() is not { Count: > 0 } exposed)
            yield break;

        yield return Finding.Error(
            $"Access:Mode is Loopback, in which every caller acts as the owner of the Cal.com account, but {string.Join(" and ", exposed)} can be reached " +
            $"from other machines. Either serve this machine alone (--urls {GatewayOptions.DefaultUrl}), or say who may call: set CalGateway:Access:Mode to ApiKey " +
            "(\"calgateway hash-key\" makes the keys), Jwt or Anonymous.",
            $"{AccessOptions.Path}:Mode");
    }

    /// <summary>Whether Kestrel would know where to listen.</summary>
    public static bool IsAddress(string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            return binding is { PathBase: "", Port: >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort } && Schemes.Contains(binding.Scheme, StringComparer.OrdinalIgnoreCase)
                && (binding.IsUnixPipe || (binding.IsNamedPipe ? OperatingSystem.IsWindows() : IsHost(binding.Host)));
        }
        catch (FormatException)
        {
            return false; // BindingAddress has no TryParse
        }
    }

    /// <summary>A port that is no number counts as a part of the host, and Kestrel would listen on port 80 of all addresses.</summary>
    private static bool IsHost(string host) => !host.Contains(':', StringComparison.Ordinal) || IPAddress.TryParse(host, out _);

    /// <summary>Kestrel listens on all addresses of the machine for every host that is neither an address nor localhost, nor a name below that.</summary>
    public static bool IsLoopback(string address)
    {
        var binding = BindingAddress.Parse(address);
        return binding.IsUnixPipe || binding.IsNamedPipe || IsLoopbackHost(binding.Host) || IsBelowLocalhost(binding.Host);
    }

    /// <summary>A name such as <c>cal.localhost</c>. Kestrel ignores empty labels, so that <c>.localhost</c> is none.</summary>
    public static bool IsBelowLocalhost(string host) =>
        host.EndsWith(Below, StringComparison.OrdinalIgnoreCase) && host.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length > 1;

    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().TrimStart('[').TrimEnd(']'), out var ip) && IPAddress.IsLoopback(ip));
}
