using System.Threading.RateLimiting;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Journey;

/// <summary>
/// One request as the stages know it: each puts here, once, what later ones and the envelope need.
/// </summary>
internal sealed class GatewayCall(HttpContext context, string traceId, TimeProvider clock, RevisionPlan atStart)
{
    /// <summary>The value of <c>Cache-Status</c> for what is neither a hit nor forwarded: a refusal or failure of a moment ago, given again.</summary>
    public const string RememberedStatus = "CalGateway; detail=remembered";

    private RoutePlan? _plan;

    /// <summary>The value of <c>Cache-Status</c> for what was neither stored nor let through to Cal.com.</summary>
    /// <param name="code">Of the problem that tells why.</param>
    public static string RefusedStatus(string code) => $"CalGateway; detail={code}";

    public HttpContext Context => context;

    public HttpRequest Request => context.Request;

    public string TraceId { get; } = traceId;

    /// <summary>When it came, as a timestamp of the clock.</summary>
    public long StartedAt { get; } = clock.GetTimestamp();

    /// <summary>The same moment on the calendar, worked out for the few who ask.</summary>
    public DateTimeOffset Started => clock.GetUtcNow() - clock.GetElapsedTime(StartedAt);

    /// <summary>The revision in force when the request came. Once it has met a route, that route's is the one that counts.</summary>
    public RevisionPlan AtStart { get; } = atStart;

    /// <summary>Who calls; null before that is known, and where it makes no difference.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>
    /// Whose stored answers may be served, and the key of that account: its one reading for this request, or for the fill that it starts.
    /// Null as <see cref="Caller"/> is.
    /// </summary>
    public AccessPartition? Partition { get; private set; }

    /// <summary>By which the caller is known; null where it is known by none.</summary>
    public PresentedCredential? AcceptedCredential { get; set; }

    /// <summary>What signs the request for Cal.com; null for what is sent unsigned. Set when access is given.</summary>
    public Signature? Signature { get; set; }

    /// <summary>What signs is the caller's own token; Cal.com's opinion of it says nothing of the gateway's key.</summary>
    public bool IsSignedByCaller => Signature is not null && Partition?.Owner is not null;

    /// <summary>What must not be quoted in whatever is said of this request: the key that signed it or, of an unsigned one, the key that could have.</summary>
    public Signature KeyToRedact => Signature ?? (Partition ?? AtStart.Nobody.Partition).Signature;

    /// <summary>The caller is to see what everybody may see, though the owner's credential asks for it.</summary>
    public bool IsFiltered { get; set; }

    /// <summary>The route's plan; null before routing and where no route of Cal.com's was met.</summary>
    public RoutePlan? Plan => _plan ??= context.GetEndpoint()?.Metadata.GetMetadata<RoutePlan>();

    /// <summary>The revision of the route that was met or, where none was, the one in force when the request came.</summary>
    public string Revision => Plan is { } plan ? plan.Revision.ToString() : AtStart.Id;

    /// <summary>The version that the caller asked for itself, where it takes the place of the pin; null where the pin stands. Set when access is given.</summary>
    public string? CallersVersion { get; set; }

    /// <summary>Set when the request was signed for Cal.com.</summary>
    public string? SentApiVersion { get; set; }

    public string? UpstreamRequestId { get; set; }

    /// <summary>Cancelled when the route's <c>Timeout</c> is over; never where it has none.</summary>
    public CancellationToken Deadline { get; set; }

    /// <summary>Null for what was not sent to Cal.com.</summary>
    public UpstreamRequest? Sent { get; set; }

    /// <summary>What it holds since it was let through to Cal.com; null before, and for other clusters.</summary>
    public RateLimitLease? Admission { get; set; }

    /// <summary>It was not let through to Cal.com: nothing was sent.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Cal.com's own, whatever the caller is told in its place; null where there was no answer.</summary>
    public int? UpstreamStatus { get; set; }

    /// <summary>For how long the upstream wants not to be asked again, where it failed and said so.</summary>
    public TimeSpan? UpstreamRetryAfter { get; set; }

    /// <summary>The method that the upstream is asked with. Set when access is decided.</summary>
    public string? UpstreamMethod { get; set; }

    /// <summary>The upstream's own path, as it is forwarded: without query, and below the path of a base URL. Set when access is decided.</summary>
    public string? UpstreamPath { get; set; }

    /// <summary>
    /// The operation of Cal.com's that is asked for; null where the catalogue does not know it. For a call of API v1 it is the one of v2 that does the same.
    /// Set when access is decided: the one look-up of a request.
    /// </summary>
    public Operation? Operation { get; set; }

    /// <summary>It is asked in nobody's name, for all who may share the answer: nothing that belongs to one exchange alone may be left in it.</summary>
    public bool IsForEveryone { get; set; }

    /// <summary>It renews a stored answer while nobody waits.</summary>
    public bool IsRefresh { get; set; }

    /// <summary>A stored answer can be served in place of Cal.com's: it is better than a long wait.</summary>
    public bool HasSubstitute { get; set; }

    public CacheResult Cache { get; set; }

    /// <summary>A route miss of a moment ago was given again: nothing was sent.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>The value of <c>Cache-Status</c>; null where the route has no cache.</summary>
    public string? CacheStatus { get; set; }

    /// <summary>Cal.com answered in an older shape than the pinned version has; such an answer is never stored.</summary>
    public bool IsLegacyShape { get; set; }

    /// <summary>The code of the problem that was answered; null where none was.</summary>
    public string? ProblemCode { get; set; }

    /// <summary>The problem itself, for those who answer others with it.</summary>
    public GatewayProblem? Problem { get; set; }

    /// <summary>Cal.com refused what was not signed: the caller's matter, and no problem of the gateway's.</summary>
    public bool IsRefusedByCalCom => Problem is { IsCallersOwn: true };

    /// <summary>By the type and not by <c>Get&lt;T&gt;</c>, whose dispatch through a generic interface costs more than the search, a dozen times a request.</summary>
    public static GatewayCall Of(HttpContext context) => (GatewayCall)context.Features[typeof(GatewayCall)]!;

    /// <summary>The answer is a route miss that was diagnosed a moment ago. Where the route has a cache, its status says so in place of a forwarding that did not come about.</summary>
    public void AnswerFromMemory()
    {
        IsRemembered = true;
        if (CacheStatus is not null)
            (Cache, CacheStatus) = (CacheResult.Remembered, RememberedStatus);
    }

    /// <summary>The request is not let through to Cal.com. Where the route has a cache, its status tells that in place of a forwarding that did not come about.</summary>
    /// <param name="code">Of the problem that tells why.</param>
    public void AnswerWithRefusal(string code)
    {
        IsRefused = true;
        if (CacheStatus is not null)
            CacheStatus = RefusedStatus(code);
    }

    /// <summary>Sets who calls, and reads the key of the caller's account. What access decided for somebody else is over.</summary>
    public void Identify(Caller? caller) =>
        (Caller, Partition, Signature, IsFiltered, CallersVersion) = (caller, caller?.Partition, null, false, null);

    /// <summary>What signs is the caller's own token: stored answers are that token's alone.</summary>
    public void SignWithToken(AccessPartition partition) => (Partition, Signature, IsFiltered) = (partition, partition.Signature, false);

    /// <summary>
    /// The same request once more, for the gateway to send on behalf of all who may share the answer: its method is GET, and it has none of the
    /// caller's headers. What access decided for one caller holds for all of the same partition.
    /// </summary>
    public GatewayCall CopyForEveryone(TimeProvider time)
    {
        var copy = new DefaultHttpContext();
        var (from, to) = (context.Request, copy.Request);
        (to.Method, to.Protocol, to.Scheme, to.Host) = (HttpMethods.Get, HttpProtocol.Http11, from.Scheme, from.Host);
        (to.PathBase, to.Path, to.QueryString) = (from.PathBase, from.Path, from.QueryString);
        to.RouteValues = new RouteValueDictionary(from.RouteValues);
        copy.SetEndpoint(context.GetEndpoint());

        var call = Copy(copy, time);
        call.IsForEveryone = true;
        Begin(copy, call);
        return call;
    }

    private GatewayCall Copy(HttpContext other, TimeProvider time) => new(other, TraceId, time, AtStart)
    {
        Caller = Caller,
        Partition = Partition,
        Signature = Signature,
        IsFiltered = IsFiltered,
        CallersVersion = CallersVersion,
        UpstreamPath = UpstreamPath,
        Operation = Operation,
    };

    /// <summary>From here on the request's stages find it.</summary>
    public static void Begin(HttpContext context, GatewayCall call) => context.Features[typeof(GatewayCall)] = call;
}
