namespace CalGateway.Configuration;

/// <summary>A section of the settings that one folder reads, such as <c>CalGateway:Cache</c>.</summary>
/// <param name="Name">The name below <c>CalGateway</c>.</param>
/// <param name="Type">The type of the options: a class, or an enum where the section is a single value.</param>
internal sealed record OptionsSection(string Name, Type Type, Func<object, IEnumerable<Finding>> Validate)
{
    public string Key => $"{GatewayOptions.Section}:{Name}";

    /// <param name="validate">Null where the schema checks everything.</param>
    public static OptionsSection Of<T>(string name, Func<T, IEnumerable<Finding>>? validate = null)
        where T : notnull, new() => new(name, typeof(T), options => validate?.Invoke((T)options) ?? []);
}
