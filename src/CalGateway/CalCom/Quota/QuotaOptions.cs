namespace CalGateway.CalCom.Quota;

/// <summary><c>CalGateway:Upstream:Quota</c>: how each key's quota at Cal.com is divided.</summary>
internal sealed class QuotaOptions
{
    /// <summary>Whether requests that Cal.com would refuse are not sent. The default is true. If it is off, the quota is still read from answers and shown.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How long a request may wait, if the window ends within that time or answers on their way may show that there is room. 0 to 1 minute; the default is
    /// 2 seconds. A request that would have to wait longer is refused at once.
    /// </summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The part of each window's requests that only writes may use. 0 to 0.9; the default is 0.1.</summary>
    public double KeptForWrites { get; set; } = 0.1;

    /// <summary>If no more than this part of a window's requests is left, no stale answer is refreshed. 0 to 1; the default is 0.25.</summary>
    public double KeptFromRefreshes { get; set; } = 0.25;

    /// <summary>If no more than this part of a window's requests is left, the gateway sends no confirmations or checks of its own. 0 to 1; the default is 0.25.</summary>
    public double KeptFromCuriosity { get; set; } = 0.25;
}
