namespace CalGateway.Configuration;

/// <summary>The <c>CalGateway</c> section of <c>yarp.json</c> with its defaults: the options objects that the folders have declared, by type.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "CalGateway";

    /// <summary>The address at which callers are served, unless another is given.</summary>
    public const string DefaultUrl = "http://localhost:5080";

    private readonly Dictionary<Type, (string Key, object Value)> _options = [];

    /// <summary>The key of each section and its options object.</summary>
    public IEnumerable<(string Key, object Value)> All => _options.Values;

    public T Get<T>()
        where T : notnull => (T)_options[typeof(T)].Value;

    /// <summary>Only for use while the revision is made.</summary>
    public void Add(OptionsSection section, object value) => _options.Add(section.Type, (section.Key, value));
}
