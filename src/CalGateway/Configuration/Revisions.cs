using CalGateway.Configuration.Settings;
using CalGateway.Configuration.Watching;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>The revision in force. A new one takes effect with one swap of the endpoints; requests under way keep the plan of theirs.</summary>
/// <param name="fingerprint">The fingerprint of the file content that it was made of.</param>
internal sealed class Revisions(Revision first, string fingerprint)
{
    private readonly InMemoryConfigProvider _proxy = new(first.Routes, first.Clusters, first.Id);
    private Revision _current = first;
    private Revision _next = first;

    /// <summary>Puts what the file says in force, before anything is served.</summary>
    /// <exception cref="StartupException">The settings are refused; the message lists every reason.</exception>
    public static Revisions StartingWith(SettingsFile file, RevisionFactory factory)
    {
        var (content, failure) = file.Read();
        if (content is null)
            throw new StartupException(failure!);

        var attempt = factory.CreateUntried(content);
        if (attempt.Revision is null)
            attempt = factory.Create(content); // tells all that is wrong
        var revision = attempt.Revision ?? throw new StartupException(RevisionFactory.Refusal(file, attempt.Findings));
        return new Revisions(revision, SettingsFile.FingerprintOf(content));
    }

    public string FirstFingerprint => fingerprint;

    public Revision Current => Volatile.Read(ref _current);

    /// <summary>The source of YARP's routes and clusters.</summary>
    public IProxyConfigProvider Proxy => _proxy;

    /// <summary>The plan of a route for which YARP makes an endpoint: of the revision in force, or of the next one while that is being put in force.</summary>
    public RoutePlan PlanOf(RouteConfig route)
    {
        var stamp = RevisionStamp.Read(route);
        var revision = Volatile.Read(ref _next) is var next && next.Id == stamp ? next : Current;
        return revision.Plans[route.RouteId];
    }

    /// <summary>Puts a revision in force for new requests. Only the watcher may call it: two calls at a time would mix their revisions.</summary>
    /// <exception cref="RevisionRejectedException">It failed, and the previous revision is still in force.</exception>
    public void PutInForce(Revision revision, ProxyReload reload)
    {
        try
        {
            Volatile.Write(ref _next, revision);
            reload.Apply(revision, _proxy);
            Volatile.Write(ref _current, revision);
        }
        catch (Exception failure)
        {
            throw new RevisionRejectedException(failure, Restore(reload));
        }
    }

    /// <summary>Takes over the new line numbers, where an edit moved settings in the file without changing them. Nothing is reloaded.</summary>
    public void UpdateLines(Revision same)
    {
        var moved = _current with { Settings = same.Settings, Warnings = same.Warnings };
        Volatile.Write(ref _next, moved);
        Volatile.Write(ref _current, moved);
    }

    /// <summary>Gives YARP the previous revision again, because it may have applied a part of the new one. Null where that worked.</summary>
    private Exception? Restore(ProxyReload reload)
    {
        try
        {
            Volatile.Write(ref _next, _current);
            reload.Apply(_current, _proxy);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
