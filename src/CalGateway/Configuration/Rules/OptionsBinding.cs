using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Rules;

/// <summary>Binds each section to its options, and turns an error of .NET's binder into a finding with the key of the setting.</summary>
internal static partial class OptionsBinding
{
    /// <summary>Null where a section cannot be bound. Without its options no other rule can be checked.</summary>
    public static GatewayOptions? Bind(IConfiguration configuration, IEnumerable<OptionsSection> sections, List<Finding> findings)
    {
        var options = new GatewayOptions();
        var isBound = true;
        foreach (var section in sections)
        {
            if (Bind(configuration, section, findings) is { } value)
                options.Add(section, value);
            else
                isBound = false;
        }

        return isBound ? options : null;
    }

    private static object? Bind(IConfiguration configuration, OptionsSection section, List<Finding> findings)
    {
        try
        {
            // Without ErrorOnUnknownConfiguration the binder silently drops a value in a dictionary that it cannot convert.
            var value = configuration.GetSection(section.Key).Get(section.Type, binder => binder.ErrorOnUnknownConfiguration = true)
                ?? Activator.CreateInstance(section.Type)!;
            findings.AddRange(section.Validate(value));
            return value;
        }
        catch (InvalidOperationException failure)
        {
            findings.Add(Explain(failure));
            return null;
        }
    }

    /// <summary>The innermost exception of the binder names value, key and type.</summary>
    private static Finding Explain(InvalidOperationException failure)
    {
        while (failure.InnerException is InvalidOperationException inner)
            failure = inner;

        var place = Place().Match(failure.Message);
        return place.Success
            ? Finding.Error($"{place.Groups["value"].Value} is not what this setting takes ({Form(place.Groups["type"].Value)}).", place.Groups["key"].Value)
            : Finding.Error(failure.Message, GatewayOptions.Section);
    }

    private static string Form(string type) => type switch
    {
        "System.TimeSpan" => "a duration, written hh:mm:ss",
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" => "a whole number",
        _ => $"a {type[(type.LastIndexOf('.') + 1)..]}",
    };

    [GeneratedRegex(@"value (?<value>'.*') at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.Singleline)]
    private static partial Regex Place();
}
