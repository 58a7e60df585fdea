using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.SessionAffinity;

namespace CalGateway.Configuration;

/// <summary>YARP's services as the gateway and its rules use them.</summary>
internal static class YarpRegistration
{
    /// <summary>
    /// Without session affinity, which no setting can ask for: its policies make ASP.NET Core's Data Protection keep a folder for keys in the user's home,
    /// or warn that there is none.
    /// </summary>
    public static IReverseProxyBuilder AddTo(IServiceCollection services)
    {
        var proxy = services.AddReverseProxy();
        services.RemoveAll<ISessionAffinityPolicy>();
        return proxy;
    }
}
