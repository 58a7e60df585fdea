using System.Collections.Frozen;
using CalGateway.Pages;

namespace CalGateway.Frontend;

/// <summary>The files of the example page, by request path.</summary>
internal sealed class PageFiles
{
    private const string Folder = "CalGateway.Frontend.page.";
    private const string Index = "index.html";

    private readonly FrozenDictionary<string, PageFile> _files;

    private PageFiles(IEnumerable<KeyValuePair<string, PageFile>> files) => _files = files.ToFrozenDictionary(StringComparer.Ordinal);

    public static PageFiles Embedded()
    {
        var assembly = typeof(PageFiles).Assembly;
        return new PageFiles(
            from resource in assembly.GetManifestResourceNames()
            where resource.StartsWith(Folder, StringComparison.Ordinal)
            let name = resource[Folder.Length..]
            select KeyValuePair.Create(name == Index ? "/" : "/" + name, PageFile.Embedded(assembly, resource)));
    }

    public PageFile? Find(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? _files.GetValueOrDefault(request.Path.Value ?? "") : null;
}
