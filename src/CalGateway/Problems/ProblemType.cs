namespace CalGateway.Problems;

/// <summary>A type of problem, and what its page explains to operators.</summary>
/// <param name="Code">The last segment of its <c>type</c>. Callers rely on it.</param>
/// <param name="Title">The title, the same for every occurrence (RFC 9457).</param>
/// <param name="Causes">The likely causes, the likeliest first.</param>
/// <param name="Fix">What to do, and who has to do it.</param>
internal sealed record ProblemType(string Code, int Status, string Title, string[] Causes, string Fix)
{
    public string Address => ProblemPages.Prefix + "/" + Code;
}
