using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.SessionAffinity;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration;

/// <summary>YARP's services, and the gateway's own transforms, as the gateway and its rules use them.</summary>
internal static class YarpRegistration
{
    /// <summary>
    /// Without session affinity, which no setting can ask for: its policies make ASP.NET Core's Data Protection keep a folder for keys in the user's home,
    /// or warn that there is none.
    /// </summary>
    public static IReverseProxyBuilder AddTo(IServiceCollection services, IEnumerable<ITransformFactory> transforms)
    {
        var proxy = services.AddReverseProxy();
        services.RemoveAll<ISessionAffinityPolicy>();
        foreach (var transform in transforms)
            services.AddSingleton(transform);
        return proxy;
    }
}
