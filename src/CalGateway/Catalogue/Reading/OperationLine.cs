namespace CalGateway.Catalogue.Reading;

/// <summary>One line of operations.txt: method, path, versions, pin, auth, risk, then perhaps "unconfirmed", "changes-event-types" and a note for people.</summary>
internal static class OperationLine
{
    public static Operation Parse(string[] words, VersionColumn column, IReadOnlyDictionary<string, ShapeMarks> shapes)
    {
        if (words is not [var method, var template, var versions, var pin, var auth, var risk, .. var rest])
            throw new FormatException("An operation has method, path, versions, pin, auth and risk.");
        if (!RequestMethod.Known.Contains(method))
            throw new FormatException($"{method} is no method that Cal.com has.");
        if (template is not ['/', .., not '/'] || template.Contains("//", StringComparison.Ordinal))
            throw new FormatException($"{template} is no path.");

        var answered = column.Read(versions);
        var family = Family.Of(template).ToString();
        return new Operation
        {
            Method = method,
            Template = template,
            Family = family,
            Versions = answered.All,
            HostedOnlyVersions = answered.HostedOnly,
            LegacyVersions = answered.Legacy,
            Shapes = answered.Legacy.Count > 0 ? shapes.GetValueOrDefault(family) : null,
            AnswersAnyVersion = answered.Any,
            RecommendedVersion = Pin(pin, answered),
            Auth = Word<AuthRequirement>(Halves(auth).Current),
            Risk = Word<Risk>(risk),
            ChangesEventTypes = rest is ["changes-event-types", ..] or ["unconfirmed", "changes-event-types", ..],
            Unconfirmed = rest is ["unconfirmed", ..],
        };
    }

    /// <summary>Splits "a|b": a holds for the current shape, b for the older one.</summary>
    public static (string Current, string? Legacy) Halves(string word) => word.Split('|') switch
    {
        [var only] => (only, null),
        [var current, var legacy] => (current, legacy),
        _ => throw new FormatException($"{word} has more than two halves."),
    };

    private static string? Pin(string pin, AnsweredVersions answered)
    {
        if (pin == "-")
            return null;
        return answered.All.Contains(pin) ? pin : throw new FormatException($"The pin {pin} is no version that it answers.");
    }

    /// <summary>Reads an enum value in kebab case: "owner-read-pii" is OwnerReadPii.</summary>
    private static T Word<T>(string word)
        where T : struct, Enum
    {
        var name = word.Replace("-", "", StringComparison.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            if (name.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw new FormatException($"'{word}' is no {typeof(T).Name}.");
    }
}
