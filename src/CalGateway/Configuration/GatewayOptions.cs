namespace CalGateway.Configuration;

/// <summary>The <c>CalGateway</c> section of <c>yarp.json</c>, defaults filled in: what each room has bound its sections to, by type.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "CalGateway";

    /// <summary>The address at which callers are served, unless another is given.</summary>
    public const string DefaultUrl = "http://localhost:5080";

    private readonly Dictionary<Type, (string Key, object Value)> _options = [];

    /// <summary>Each section's key and what it is bound to.</summary>
    public IEnumerable<(string Key, object Value)> All => _options.Values;

    public T Get<T>()
        where T : notnull => (T)_options[typeof(T)].Value;

    /// <summary>While the revision is made.</summary>
    public void Add(OptionsSection section, object value) => _options.Add(section.Type, (section.Key, value));
}
