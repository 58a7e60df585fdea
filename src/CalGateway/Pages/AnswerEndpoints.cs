namespace CalGateway.Pages;

/// <summary>
/// Maps endpoints that take nothing but the context. For a function with other parameters ASP.NET Core builds and compiles an expression: a dozen of these
/// take a tenth of the whole start.
/// </summary>
internal static class AnswerEndpoints
{
    /// <summary>An endpoint that is only mapped for GET would refuse a HEAD.</summary>
    private static readonly string[] Reads = ["GET", "HEAD"];

    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, IResult> answer) =>
        endpoints.MapMethods(pattern, Reads, context => answer(context).ExecuteAsync(context));

    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, Task<IResult>> answer) =>
        endpoints.MapMethods(pattern, Reads, context => ExecuteAsync(answer(context), context));

    public static IEndpointConventionBuilder MapCommand(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, IResult> answer) =>
        endpoints.MapPost(pattern, context => answer(context).ExecuteAsync(context));

    public static IEndpointConventionBuilder MapCommand(this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, Task<IResult>> answer) =>
        endpoints.MapPost(pattern, context => ExecuteAsync(answer(context), context));

    private static async Task ExecuteAsync(Task<IResult> answer, HttpContext context) => await (await answer).ExecuteAsync(context);
}
