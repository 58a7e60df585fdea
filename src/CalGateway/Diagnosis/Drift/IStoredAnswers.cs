namespace CalGateway.Diagnosis.Drift;

/// <summary>The stored answers of a route, which hide from the drift watch what Cal.com answers now.</summary>
internal interface IStoredAnswers
{
    /// <summary>Has Cal.com asked before the route's stored answers are served again; if it fails, they are served. Does nothing for a route without a cache.</summary>
    Task RefreshAsync(string route);
}
