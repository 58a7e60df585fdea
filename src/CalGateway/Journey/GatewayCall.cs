using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Journey;

/// <summary>What the stages know about one request. Each stage sets, once, what later stages and the envelope need.</summary>
internal sealed class GatewayCall(HttpContext context, string traceId, TimeProvider clock, RevisionPlan atStart)
{
    /// <summary>The value of <c>Cache-Status</c> for <see cref="CacheResult.Remembered"/>.</summary>
    public const string RememberedStatus = "CalGateway; detail=remembered";

    /// <summary>The value of <c>Cache-Status</c> where nothing was stored and the request was not sent to Cal.com.</summary>
    public static string RefusedStatus(string code) => $"CalGateway; detail={code}";

    public HttpContext Context => context;

    public HttpRequest Request => context.Request;

    public string TraceId { get; } = traceId;

    /// <summary>When the request arrived, as a timestamp of the clock.</summary>
    public long StartedAt { get; } = clock.GetTimestamp();

    /// <summary>When the request arrived, as date and time. Computed on each read, because few need it.</summary>
    public DateTimeOffset Started => clock.GetUtcNow() - clock.GetElapsedTime(StartedAt);

    /// <summary>The revision in force when the request arrived. After routing, the revision of the route (<see cref="Plan"/>) counts instead.</summary>
    public RevisionPlan AtStart { get; } = atStart;

    /// <summary>The caller; null before it is identified, and on paths that are open to everybody.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>The partition of the cache for the caller, with the key as it was read for this request. Null where <see cref="Caller"/> is null.</summary>
    public AccessPartition? Partition { get; private set; }

    /// <summary>The credential by which the caller was identified; null for none.</summary>
    public PresentedCredential? AcceptedCredential { get; set; }

    /// <summary>Signs the request for Cal.com; null to send it unsigned. Set when access is granted.</summary>
    public Signature? Signature { get; set; }

    /// <summary>The caller's own token signs the request, so that a refusal by Cal.com says nothing about the gateway's key.</summary>
    public bool IsSignedByCaller => Signature is not null && Partition?.Owner is not null;

    /// <summary>The key to remove from every text about this request: the one that signed it or, if it is unsigned, the one of the caller's account.</summary>
    public Signature KeyToRedact => Signature ?? (Partition ?? AtStart.DefaultCaller.Partition).Signature;

    /// <summary>The request is signed with the owner's key, but the caller may only see what everybody may see: the answer is filtered.</summary>
    public bool IsFiltered { get; set; }

    /// <summary>The plan of the route; null before routing, and where no route matches.</summary>
    public RoutePlan? Plan => field ??= context.GetEndpoint()?.Metadata.GetMetadata<RoutePlan>();

    /// <summary>The id of the route's revision or, without a route, of the one in force when the request arrived.</summary>
    public string Revision => Plan is { } plan ? plan.Revision.ToString() : AtStart.Id;

    /// <summary>Whether another version than the route's pin is sent, and for what reason. Set when access is granted.</summary>
    public VersionChoice Version { get; set; }

    /// <summary>The setting that gives the version of this request; null where no route matches.</summary>
    public string? PinSetting => Version.Consumer?.Setting ?? (Plan is { } plan ? ApiVersionPin.SettingOf(plan.RouteId) : null);

    /// <summary>The API version that was sent to Cal.com; null where none was.</summary>
    public string? SentApiVersion { get; set; }

    public string? UpstreamRequestId { get; set; }

    /// <summary>Cancelled when the route's <c>Timeout</c> is over; never where it has none.</summary>
    public CancellationToken Deadline { get; set; }

    /// <summary>The request to Cal.com; null where none was sent.</summary>
    public UpstreamRequest? Sent { get; set; }

    /// <summary>The lease of the admitted request; null before it is admitted, and for other clusters.</summary>
    public IDisposable? Admission { get; set; }

    /// <summary>The request was not admitted. Nothing was sent to Cal.com.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The request may be sent a second time if there is no answer, or one of an edge in Cal.com's place.</summary>
    public bool MayRetry { get; set; }

    /// <summary>The request will be sent a second time, and nothing of this answer was passed on.</summary>
    public bool IsAnswerWithheld { get; set; }

    /// <summary>The request is sent for the second time.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>The status of Cal.com's answer, even if the caller gets another; null where there was no answer.</summary>
    public int? UpstreamStatus { get; set; }

    /// <summary>How long to wait before the next request, where the upstream failed and said so.</summary>
    public TimeSpan? UpstreamRetryAfter { get; set; }

    /// <summary>The method of the request to the upstream. Set when access is decided.</summary>
    public string? UpstreamMethod { get; set; }

    /// <summary>The path of the request to the upstream, without query and without the path of the base URL. Set when access is decided.</summary>
    public string? UpstreamPath { get; set; }

    /// <summary>
    /// The operation in the catalogue; null where the catalogue does not have it. For a call of API v1, the v2 operation that does the same. Set when access
    /// is decided; all later stages read it here.
    /// </summary>
    public Operation? Operation { get; set; }

    /// <summary>The gateway sends the request to fill the cache, for all callers that may share the answer. The answer must then contain nothing of a single exchange.</summary>
    public bool IsFill { get; set; }

    /// <summary>The request refreshes a stored answer, and no caller waits for it.</summary>
    public bool IsRefresh { get; set; }

    /// <summary>A stored answer can be served instead, which is better than a long wait.</summary>
    public bool HasSubstitute { get; set; }

    public CacheResult Cache { get; set; }

    /// <summary>The answer is a route miss of a moment ago. Nothing was sent.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>The value of <c>Cache-Status</c>; null where the route has no cache.</summary>
    public string? CacheStatus { get; set; }

    /// <summary>Cal.com answered in an older shape than the pinned version has. Such an answer is not stored.</summary>
    public bool IsLegacyShape { get; set; }

    /// <summary>The code of the problem in the answer; null where it is no problem.</summary>
    public string? ProblemCode { get; set; }

    /// <summary>The problem in the answer, so that other requests waiting for the same answer can get it too.</summary>
    public GatewayProblem? Problem { get; set; }

    /// <summary>Cal.com refused an unsigned request, which is no problem of the gateway.</summary>
    public bool IsRefusedByCalCom => Problem is { IsCallersOwn: true };

    /// <summary>Uses the indexer because <c>Get&lt;T&gt;</c> is slower, and this is called a dozen times for each request.</summary>
    public static GatewayCall Of(HttpContext context) => (GatewayCall)context.Features[typeof(GatewayCall)]!;

    /// <summary>Marks the answer as a route miss that was diagnosed a moment ago. On a route with a cache, <c>Cache-Status</c> says so too.</summary>
    public void AnswerFromMemory()
    {
        IsRemembered = true;
        if (CacheStatus is not null)
            (Cache, CacheStatus) = (CacheResult.Remembered, RememberedStatus);
    }

    /// <summary>Marks the request as not admitted. On a route with a cache, <c>Cache-Status</c> says so too.</summary>
    public void AnswerWithRefusal(string code)
    {
        IsRefused = true;
        if (CacheStatus is not null)
            CacheStatus = RefusedStatus(code);
    }

    /// <summary>Clears the result of the first attempt before the request is sent a second time.</summary>
    public void BeginRetry()
    {
        (IsRetry, IsAnswerWithheld) = (true, false);
        (Admission, Sent) = (null, null);
        (UpstreamStatus, UpstreamRetryAfter, UpstreamRequestId) = (null, null, null);
    }

    /// <summary>Sets the caller, reads the key of its account, and clears what access decided for an earlier caller.</summary>
    public void Identify(Caller? caller) =>
        (Caller, Partition, Signature, IsFiltered, Version) = (caller, caller?.Partition, null, false, default);

    /// <summary>Signs with the caller's own token, to which stored answers then belong alone.</summary>
    public void SignWithToken(AccessPartition partition) => (Partition, Signature, IsFiltered) = (partition, partition.Signature, false);

    /// <summary>
    /// A copy of the request for the gateway to send on behalf of all callers that may share the answer: a GET without the caller's headers. What access
    /// decided for one caller holds for all of the same partition.
    /// </summary>
    public GatewayCall CopyForFill(TimeProvider time)
    {
        var copy = new DefaultHttpContext();
        var (from, to) = (context.Request, copy.Request);
        (to.Method, to.Protocol, to.Scheme, to.Host) = (HttpMethods.Get, HttpProtocol.Http11, from.Scheme, from.Host);
        (to.PathBase, to.Path, to.QueryString) = (from.PathBase, from.Path, from.QueryString);
        to.RouteValues = new RouteValueDictionary(from.RouteValues);
        copy.SetEndpoint(context.GetEndpoint());

        var call = Copy(copy, time);
        call.IsFill = true;
        Begin(copy, call);
        return call;
    }

    private GatewayCall Copy(HttpContext other, TimeProvider time) => new(other, TraceId, time, AtStart)
    {
        Caller = Caller,
        Partition = Partition,
        Signature = Signature,
        IsFiltered = IsFiltered,
        Version = Version,
        UpstreamPath = UpstreamPath,
        Operation = Operation,
    };

    /// <summary>Attaches the call to its request.</summary>
    public static void Begin(HttpContext context, GatewayCall call) => context.Features[typeof(GatewayCall)] = call;
}
