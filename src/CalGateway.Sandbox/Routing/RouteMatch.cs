namespace CalGateway.Sandbox.Routing;

/// <summary>The operation that a request matches, and the values of its path parameters.</summary>
internal sealed record RouteMatch(Operation Operation, Endpoint Endpoint, string[] Segments)
{
    /// <summary>A parameter of the template, percent-decoded.</summary>
    public string this[string parameter]
    {
        get
        {
            for (var i = 0; i < Segments.Length; i++)
            {
                var template = Operation.Segments[i].AsSpan();
                if (template.StartsWith("{") && template[1..^1].SequenceEqual(parameter))
                    return Uri.UnescapeDataString(Segments[i]);
            }

            throw new ArgumentException($"{Operation.Template} has no {{{parameter}}}.", nameof(parameter));
        }
    }
}
