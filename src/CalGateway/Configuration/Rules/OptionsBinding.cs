using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Rules;

/// <summary>Binds each room's section to its options, and turns a failure of the binder into a finding with a place.</summary>
internal static partial class OptionsBinding
{
    /// <summary>Null where a section cannot be bound: its settings are unknown, and whatever else was said would only follow from that.</summary>
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
            // Without ErrorOnUnknownConfiguration the binder drops a value of a dictionary that it cannot convert.
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

    /// <summary>The innermost of the binder's own exceptions names value, key and type; the outer ones only say that there was one.</summary>
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
