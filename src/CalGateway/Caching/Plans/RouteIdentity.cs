using System.Security.Cryptography;
using System.Text;
using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>
/// A digest of all settings of a route and its cluster, which every cache key contains. After an edit of one of them, such as the pin, no earlier answer is
/// served; an edit of anything else leaves stored answers in use. Gateways with equal settings have equal digests.
/// </summary>
internal static class RouteIdentity
{
    public static string Of(RouteConfig route, EffectiveSettings settings)
    {
        var content = new StringBuilder();
        foreach (var section in new[] { $"ReverseProxy:Clusters:{route.ClusterId}", $"ReverseProxy:Routes:{route.RouteId}" })
        {
            foreach (var setting in settings.Below(section))
            {
                if (!IsOfShadow(setting.Key))
                    content.Append(setting.Key).Append('\0').Append(setting.Value).Append('\0');
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..16];
    }

    /// <summary>What is asked besides changes no answer.</summary>
    private static bool IsOfShadow(string key) =>
        key.Contains(":Transforms:", StringComparison.OrdinalIgnoreCase)
        && (key.EndsWith(":" + ShadowSettings.Key, StringComparison.OrdinalIgnoreCase) || key.EndsWith(":" + ShadowSettings.PercentKey, StringComparison.OrdinalIgnoreCase));
}
