using System.Security.Cryptography;
using System.Text;
using CalGateway.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Tells one state of a route from another: a digest of all settings of the route and of its cluster. An edit of it, the pin
/// included, can never be answered from before; an edit of anything else costs no stored answer. Equal on every gateway
/// with equal settings.
/// </summary>
internal static class RouteIdentity
{
    /// <param name="route">As YARP read it.</param>
    /// <param name="settings">All settings in force.</param>
    public static string Of(RouteConfig route, EffectiveSettings settings)
    {
        var content = new StringBuilder();
        foreach (var section in new[] { $"ReverseProxy:Clusters:{route.ClusterId}", $"ReverseProxy:Routes:{route.RouteId}" })
        {
            foreach (var setting in settings.Below(section))
                content.Append(setting.Key).Append('\0').Append(setting.Value).Append('\0');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..16];
    }
}
