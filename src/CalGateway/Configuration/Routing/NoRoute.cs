using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Configuration.Routing;

/// <summary>The endpoint that answers where no route matches. It is recognised by an instance of this class in its metadata.</summary>
internal sealed class NoRoute
{
    private static readonly NoRoute Mark = new();

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapFallback("{**path}", AnswerAsync).WithMetadata(Mark);

    public static bool IsAt(Endpoint endpoint) => endpoint.Metadata.GetMetadata<NoRoute>() is not null;

    private static Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path;
        return GatewayProblem
            .Of(ProblemTypes.NoRoute, $"No route of this gateway matches {path.ToUriComponent()}.", path.StartsWithSegments("/v2")
                ? $"Ask for /calcom{path.ToUriComponent()}. For clients that keep only the host of their base URL, the operator can add routes for /v2: src/docs/clients.md has them under \"Clients that keep only the host\"."
                : "Cal.com's API is below /calcom, as in /calcom/v2/event-types.")
            .WriteToAsync(context);
    }
}
