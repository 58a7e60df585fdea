namespace CalGateway.Configuration;

/// <summary>A section of the settings that one room reads, such as <c>CalGateway:Cache</c>.</summary>
/// <param name="Name">Below <c>CalGateway</c>.</param>
/// <param name="Type">What it is bound to: a class, or an enum where the section is a single value.</param>
/// <param name="Validate">What is wrong with the bound options.</param>
internal sealed record OptionsSection(string Name, Type Type, Func<object, IEnumerable<Finding>> Validate)
{
    public string Key => $"{GatewayOptions.Section}:{Name}";

    /// <param name="name">Below <c>CalGateway</c>.</param>
    /// <param name="validate">Null where the schema says all that there is to say.</param>
    public static OptionsSection Of<T>(string name, Func<T, IEnumerable<Finding>>? validate = null)
        where T : notnull, new() => new(name, typeof(T), options => validate?.Invoke((T)options) ?? []);
}
