namespace CalGateway.Sandbox;

/// <summary>What arrived, oldest first; only the latest 10,000 are kept, so that a load test cannot fill the memory.</summary>
public sealed class RequestLog
{
    private const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<RecordedRequest> requests = new();

    /// <summary>A snapshot: later requests do not change it.</summary>
    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (gate)
                return [.. requests];
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
                return requests.Count;
        }
    }

    /// <summary>Those with this method whose path begins so.</summary>
    public IReadOnlyList<RecordedRequest> For(string method, string pathPrefix) =>
        [.. All.Where(request => request.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
            && request.Path.StartsWith(pathPrefix, StringComparison.OrdinalIgnoreCase))];

    public void Clear()
    {
        lock (gate)
            requests.Clear();
    }

    internal void Add(RecordedRequest request)
    {
        lock (gate)
        {
            if (requests.Count == Capacity)
                requests.Dequeue();
            requests.Enqueue(request);
        }
    }
}
