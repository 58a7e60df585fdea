using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;

namespace CalGateway.Caching.Serving;

/// <summary>A stored answer with the route and the windows of the request that it answers.</summary>
internal sealed class PreparedAnswer(StoredAnswer answer, ServingWindows windows, Endpoint endpoint)
{
    private AgeHeaders? _headers;

    public StoredAnswer Answer { get; } = answer;

    public ServingWindows Windows { get; } = windows;

    public Endpoint Endpoint { get; } = endpoint;

    public AgeHeaders HeadersAt(TimeSpan age)
    {
        var headers = Volatile.Read(ref _headers);
        if (headers is null || !headers.AreOf(age))
            Volatile.Write(ref _headers, headers = new AgeHeaders(age, Windows));
        return headers;
    }
}
