using CalGateway.Configuration.Watching;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// The revision in force. A new one is prepared aside and put in force with one swap of YARP's endpoints; requests under
/// way keep the plan that their endpoint gave them.
/// </summary>
/// <param name="first">What the gateway starts with.</param>
/// <param name="look">What <see cref="SettingsFile.Look"/> gives for the content that it was made of.</param>
internal sealed class Revisions(Revision first, string look)
{
    private readonly InMemoryConfigProvider _proxy = new(first.Routes, first.Clusters, first.Id);
    private Revision _current = first;
    private Revision _next = first;

    public string FirstLook => look;

    public Revision Current => Volatile.Read(ref _current);

    /// <summary>Where YARP reads its routes and clusters.</summary>
    public IProxyConfigProvider Proxy => _proxy;

    /// <summary>The plan of a route for which YARP is making an endpoint: of the revision in force, or of the one that is being put in force.</summary>
    public RoutePlan PlanOf(RouteConfig route)
    {
        var stamp = RevisionStamp.Read(route);
        var revision = Volatile.Read(ref _next) is var next && next.Id == stamp ? next : Current;
        return revision.Plans[route.RouteId];
    }

    /// <summary>
    /// Requests meet the revision before this returns. Called by one thread alone, the watcher's, so that the revision that is
    /// about to be in force is always the latest.
    /// </summary>
    /// <exception cref="RevisionRejectedException">Something threw over it. The revision before is still in force.</exception>
    public void PutInForce(Revision revision, ProxyReload reload)
    {
        try
        {
            Volatile.Write(ref _next, revision);
            reload.Take(revision, _proxy);
            Volatile.Write(ref _current, revision);
        }
        catch (Exception failure)
        {
            throw new RevisionRejectedException(failure, TakeBack(reload));
        }
    }

    /// <summary>The same settings on other lines of the file: findings and sources name the new lines. Nothing is reloaded.</summary>
    public void TakeLinesOf(Revision same)
    {
        var moved = _current with { Settings = same.Settings, Warnings = same.Warnings };
        Volatile.Write(ref _next, moved);
        Volatile.Write(ref _current, moved);
    }

    /// <summary>Gives YARP the revision before once more: it may have applied a part of the new one, such as its clusters, before it threw. Null where that worked.</summary>
    private Exception? TakeBack(ProxyReload reload)
    {
        try
        {
            Volatile.Write(ref _next, _current);
            reload.Take(_current, _proxy);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
