namespace CalGateway.Problems;

/// <summary>The problems that the gateway answers with, and the pages that explain them.</summary>
internal static class ProblemsExtensions
{
    /// <param name="write">Answers a request with a problem: used for an unknown code.</param>
    public static void MapProblemPages(this IEndpointRouteBuilder endpoints, Func<GatewayProblem, HttpContext, Task> write) => ProblemPages.Map(endpoints, write);
}
