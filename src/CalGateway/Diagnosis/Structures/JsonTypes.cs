namespace CalGateway.Diagnosis.Structures;

/// <summary>The kinds of value that were seen at one path, as a set.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Object = 1,
    List = 2,
    String = 4,
    Number = 8,
    Boolean = 16,
    Null = 32,
}

internal static class JsonTypeNames
{
    private static readonly (JsonTypes Type, string Name)[] Names =
    [
        (JsonTypes.Object, "object"), (JsonTypes.List, "list"), (JsonTypes.String, "string"),
        (JsonTypes.Number, "number"), (JsonTypes.Boolean, "boolean"), (JsonTypes.Null, "null"),
    ];

    /// <summary>For people, such as "string or null".</summary>
    public static string Describe(this JsonTypes types) => types == JsonTypes.None
        ? "nothing"
        : string.Join(" or ", Names.Where(name => types.HasFlag(name.Type)).Select(name => name.Name));

    public static JsonTypes WithoutNull(this JsonTypes types) => types & ~JsonTypes.Null;

    /// <summary>True where it is never an object or a list.</summary>
    public static bool IsScalar(this JsonTypes types) => types != JsonTypes.None && (types & (JsonTypes.Object | JsonTypes.List)) == 0;
}
