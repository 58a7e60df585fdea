namespace CalGateway.Problems;

/// <summary>What can go wrong, and the pages that explain it.</summary>
internal static class ProblemsExtensions
{
    /// <param name="endpoints">Where the pages are added.</param>
    /// <param name="write">Answers a request with a problem: there is no page for an unknown one.</param>
    public static void MapProblemPages(this IEndpointRouteBuilder endpoints, Func<GatewayProblem, HttpContext, Task> write) => ProblemPages.Map(endpoints, write);
}
