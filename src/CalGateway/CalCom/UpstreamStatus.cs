namespace CalGateway.CalCom;

/// <summary>Tells failures of Cal.com by the status of an answer.</summary>
internal static class UpstreamStatus
{
    /// <summary>True for 5xx and 429: the same request may be answered later.</summary>
    public static bool IsFailure(int? status) => status is >= StatusCodes.Status500InternalServerError or StatusCodes.Status429TooManyRequests;
}
