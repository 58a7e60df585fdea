using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>A location in the file; lines and columns count from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>One value of the file and its location.</summary>
/// <param name="Key">The key in ASP.NET's form: <c>ReverseProxy:Routes:event-types:Order</c>; for an item of a list, with its index.</param>
/// <param name="Name">The last part of the key, as it was written.</param>
/// <param name="NamePlace">The location of the name; for an item of a list, of the item.</param>
/// <param name="Text">The value; null for an object, a list and null.</param>
internal sealed record SettingNode(JsonValueKind Kind, string Key, string Name, Place NamePlace, Place Place, string? Text)
{
    /// <summary>The members of an object or the items of a list, in the order of the file.</summary>
    public List<SettingNode> Children { get; } = [];

    /// <summary>The value is wrong, so neither it nor its children become settings.</summary>
    public bool Refused { get; set; }
}
