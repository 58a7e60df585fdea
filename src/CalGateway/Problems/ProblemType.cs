namespace CalGateway.Problems;

/// <summary>A kind of problem, and what its page tells operators.</summary>
/// <param name="Code">The last segment of its <c>type</c>; relied on by callers.</param>
/// <param name="Status">The status that it is answered with.</param>
/// <param name="Title">The same for every occurrence (RFC 9457).</param>
/// <param name="Causes">The likeliest first.</param>
/// <param name="Fix">What to do, and who.</param>
internal sealed record ProblemType(string Code, int Status, string Title, string[] Causes, string Fix)
{
    public string Address => ProblemPages.Prefix + "/" + Code;
}
