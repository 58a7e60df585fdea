using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Rules;

/// <summary>Binds the <c>CalGateway</c> section to its options, and makes the binder's failure a finding with a place.</summary>
internal static partial class OptionsBinding
{
    /// <summary>Null where not all of it can be bound: what is not is unknown, and whatever else were said would only follow from that.</summary>
    public static GatewayOptions? Bind(IConfiguration configuration, List<Finding> findings)
    {
        var options = new GatewayOptions();
        try
        {
            // Without it the binder drops what it cannot convert, if it stands in a dictionary, and takes the default.
            configuration.GetSection(GatewayOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            findings.AddRange(options.Validate());
            return options;
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
