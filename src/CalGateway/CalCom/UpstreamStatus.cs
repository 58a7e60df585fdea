namespace CalGateway.CalCom;

/// <summary>What the status of an answer of Cal.com's says of Cal.com.</summary>
internal static class UpstreamStatus
{
    /// <summary>It fails, or will not: asked again later it may answer.</summary>
    public static bool IsFailure(int? status) => status is >= StatusCodes.Status500InternalServerError or StatusCodes.Status429TooManyRequests;
}
