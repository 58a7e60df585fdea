using CalGateway.Pages;

namespace CalGateway.Frontend;

/// <summary>The files of the example page, by request path.</summary>
internal sealed class PageFiles
{
    private readonly Dictionary<string, PageFile> _files = new(StringComparer.Ordinal);

    public PageFiles()
    {
        foreach (var (name, file) in PageFile.In("CalGateway.Frontend.page"))
            _files[name == "index.html" ? "/" : "/" + name] = file;
    }

    public PageFile? Find(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? _files.GetValueOrDefault(request.Path.Value ?? "") : null;
}
