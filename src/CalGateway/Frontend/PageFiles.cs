using System.Collections.Frozen;
using CalGateway.Pages;

namespace CalGateway.Frontend;

/// <summary>The files of the example page, by request path.</summary>
internal sealed class PageFiles
{
    private readonly FrozenDictionary<string, PageFile> _files = PageFile.In("CalGateway.Frontend.page")
        .ToFrozenDictionary(file => file.Key == "index.html" ? "/" : "/" + file.Key, file => file.Value, StringComparer.Ordinal);

    public PageFile? Find(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? _files.GetValueOrDefault(request.Path.Value ?? "") : null;
}
