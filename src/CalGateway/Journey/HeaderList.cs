using Microsoft.Extensions.Primitives;

namespace CalGateway.Journey;

/// <summary>Headers whose value is a list.</summary>
internal static class HeaderList
{
    /// <summary>Reads the list in the stricter way: an item with a value, as in <c>private="Set-Cookie"</c>, counts as one without, and a semicolon as a comma.</summary>
    public static bool Has(StringValues list, string item)
    {
        foreach (var line in list)
        {
            var text = line.AsSpan();
            foreach (var range in text.SplitAny(',', ';'))
            {
                var part = text[range].Trim();
                var end = part.IndexOf('=');
                if ((end < 0 ? part : part[..end]).TrimEnd().Equals(item, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
