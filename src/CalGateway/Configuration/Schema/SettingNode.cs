using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>The place of something in the file; lines and columns count from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>One value of the file and where it stands.</summary>
/// <param name="Kind">What it was written as.</param>
/// <param name="Key">In ASP.NET's form: <c>ReverseProxy:Routes:event-types:Order</c>; an item of a list has its index.</param>
/// <param name="Name">The last part of the key, as it was written.</param>
/// <param name="NamePlace">Where the name stands; for an item of a list, where the item does.</param>
/// <param name="Place">Where the value begins.</param>
/// <param name="Text">The value; null for an object, a list and null.</param>
internal sealed record SettingNode(JsonValueKind Kind, string Key, string Name, Place NamePlace, Place Place, string? Text)
{
    /// <summary>Members of an object or items of a list, in their order.</summary>
    public List<SettingNode> Children { get; } = [];

    /// <summary>Set where the value cannot be used: nothing of it becomes a setting.</summary>
    public bool Refused { get; set; }
}
