namespace CalGateway.Sandbox.Edge;

/// <summary>The server's CORS middleware answers every OPTIONS request itself, before routing.</summary>
internal static class Cors
{
    private static readonly Payload Nothing = new([]);

    public static Outgoing Preflight() => new(StatusCodes.Status204NoContent, Nothing)
    {
        Headers =
        [
            new("Access-Control-Allow-Methods", "GET,PATCH,DELETE,HEAD,POST,PUT,OPTIONS"),
            new("Access-Control-Allow-Headers",
                "x-cal-client-id,x-cal-secret-key,x-cal-platform-embed,cal-api-version,Accept,Authorization,Content-Type,Origin"),
            new("Access-Control-Max-Age", "86400"),
        ],
    };
}
