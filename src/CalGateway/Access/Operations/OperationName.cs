using CalGateway.Catalogue;

namespace CalGateway.Access.Operations;

/// <summary>Finds an operation by its name in the settings, such as <c>"POST /v2/webhooks"</c>. The names of parameters make no difference.</summary>
internal static class OperationName
{
    public static Operation? Find(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var method, ['/', ..] path])
            return null;

        var found = CalComCatalogue.Default.Find(method, path);
        return found is not null && SameShape(found.Template, path) ? found : null;
    }

    /// <summary>Rejects a concrete path, such as one with an id: it would find its operation, too, but seem to open only that one path.</summary>
    private static bool SameShape(string template, string path)
    {
        var expected = template.Split('/');
        var given = path.TrimEnd('/').Split('/');
        return expected.Length == given.Length && expected.Zip(given).All(pair => IsParameter(pair.First) == IsParameter(pair.Second));
    }

    private static bool IsParameter(string segment) => segment is ['{', .., '}'];
}
