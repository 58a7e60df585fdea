using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>Compares the tree of settings with the schema, adds findings, and marks wrong values as refused.</summary>
internal sealed class SchemaCheck(FindingList findings)
{
    /// <param name="outer">The schema of the enclosing object: an unknown name may belong there.</param>
    public void Value(SettingNode node, SchemaNode schema, SchemaNode? outer)
    {
        if (schema.Refusal is { } refusal)
            Refuse(node, $"{SchemaMessages.Subject(node)}: {refusal}", whole: true);
        else if (!Fits(node.Kind, schema.Types))
            Refuse(node, $"must be {SchemaMessages.Expected(schema)}, not {SchemaMessages.Written(node)}");
        else if (node.Kind == JsonValueKind.Object)
            Object(node, schema, outer);
        else if (node.Kind == JsonValueKind.Array)
            List(node, schema);
        else if (ScalarRules.Broken(node, schema) is { } rule)
            Refuse(node, rule);
    }

    private void Object(SettingNode node, SchemaNode schema, SchemaNode? outer)
    {
        if (schema.Variants.Count > 0)
        {
            Variant(node, schema, outer);
            return;
        }

        foreach (var member in node.Children)
        {
            if (schema.Properties.GetValueOrDefault(member.Name) is { } known)
                Value(member, known, schema);
            else if (schema.AdditionalProperties is not null)
                Value(member, schema.AdditionalProperties, schema);
            else
                RefuseUnknown(member, schema, outer);
        }

        Missing(node, schema);
    }

    private void Missing(SettingNode node, SchemaNode schema)
    {
        // A mistyped name has been reported with the right one; do not also report the right one as missing.
        bool IsGiven(string name) => Has(node, name) || node.Children.Exists(member => member.Refused && SchemaMessages.IsMeant(member.Name, name));

        foreach (var name in schema.Required.Where(name => !IsGiven(name)))
            At(node.NamePlace, node, $"{SchemaMessages.Subject(node)} lacks {Quoted.Text(name)}{SchemaMessages.Example(name, schema)}.");

        if (schema.OneOf.Count > 0 && schema.OneOf.Count(IsGiven) != 1)
            At(node.NamePlace, node, $"{SchemaMessages.Subject(node)} needs exactly one of {Quoted.List(schema.OneOf)}.");

        if (node.Children.Count < schema.MinCount)
            At(node.NamePlace, node, schema.Properties.Count == 0
                ? $"{SchemaMessages.Subject(node)} is empty; name at least one."
                : $"{SchemaMessages.Subject(node)} needs at least one of {Quoted.List(schema.Properties.Keys)}.");
    }

    /// <summary>The object is checked as the variant whose first required name it has, whatever else is wrong with it.</summary>
    private void Variant(SettingNode node, SchemaNode schema, SchemaNode? outer)
    {
        if (schema.Variants.FirstOrDefault(variant => Has(node, variant.Required[0])) is { } meant)
            Object(node, meant, outer);
        else if (node.Children is [var first, ..])
            Refuse(first, SchemaMessages.Unknown(first.Name, "a transform", schema.Variants.Select(variant => variant.Required[0])), whole: true);
        else
            Refuse(node, $"must be {SchemaMessages.Expected(schema)}, not empty");
    }

    private void List(SettingNode node, SchemaNode schema)
    {
        foreach (var item in node.Children)
            Value(item, schema.Items!, null);

        if (node.Children.Count < schema.MinCount)
            Refuse(node, "is empty; name at least one, or leave it out");
    }

    private void RefuseUnknown(SettingNode member, SchemaNode schema, SchemaNode? outer) => Refuse(
        member,
        outer?.Properties.ContainsKey(member.Name) == true
            ? $"{Quoted.Text(member.Name)} does not belong here but one level up, beside this object."
            : SchemaMessages.Unknown(member.Name, "a setting here", schema.Properties.Keys),
        whole: true);

    private void Refuse(SettingNode node, string message, bool whole = false)
    {
        node.Refused = true;
        if (whole)
            At(node.NamePlace, node, message);
        else
            At(node.Place, node, $"{SchemaMessages.Subject(node)} {message}.");
    }

    private void At(Place place, SettingNode node, string message) => findings.Add(place, node.Key, () => message);

    private static bool Has(SettingNode node, string name) =>
        node.Children.Exists(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));

    private static bool Fits(JsonValueKind kind, IReadOnlyList<string> types) => types.Count == 0 || kind switch
    {
        JsonValueKind.Object => types.Contains("object"),
        JsonValueKind.Array => types.Contains("array"),
        JsonValueKind.String => types.Contains("string"),
        JsonValueKind.True or JsonValueKind.False => types.Contains("boolean"),
        JsonValueKind.Number => types.Contains("integer") || types.Contains("number"),
        _ => false,
    };
}
