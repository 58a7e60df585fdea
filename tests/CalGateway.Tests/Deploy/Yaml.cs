using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace CalGateway.Tests.Deploy;

/// <summary>Ways into a YAML document; what is not there fails the test with its name.</summary>
internal static class Yaml
{
    public static YamlNode At(this YamlNode node, params string[] path)
    {
        foreach (var name in path)
        {
            node = node switch
            {
                YamlMappingNode members when members.Children.TryGetValue(new YamlScalarNode(name), out var member) => member,
                YamlSequenceNode items when int.TryParse(name, CultureInfo.InvariantCulture, out var index) && index < items.Children.Count => items.Children[index],
                _ => throw new InvalidOperationException($"There is no {name} of {string.Join('.', path)}."),
            };
        }

        return node;
    }

    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    public static IList<YamlNode> Items(this YamlNode node) => ((YamlSequenceNode)node).Children;

    public static IEnumerable<string> Texts(this YamlNode node) => node.Items().Select(Text);

    public static IEnumerable<string> Names(this YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(Text);
}
