using CalGateway.Pages;

namespace CalGateway.Problems;

/// <summary>
/// Serves <c>src/docs/troubleshooting.md</c> as a page. The problem pages link to it; it is built in, because the reader may have no internet.
/// </summary>
internal static class Documentation
{
    public const string Address = "/_gateway/docs/troubleshooting";

    private const string Resource = "CalGateway.docs.troubleshooting.md";

    private static readonly Lazy<string> Html = new(() =>
    {
        using var reader = new StreamReader(typeof(Documentation).Assembly.GetManifestResourceStream(Resource)!);
        return ProblemDocument.Page("Troubleshooting", $"<article>\n{Markdown.ToHtml(reader.ReadToEnd())}</article>");
    });

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapRead(Address, _ => new PageText(Html.Value));
}
