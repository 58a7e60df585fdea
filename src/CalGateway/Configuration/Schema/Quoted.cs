using System.Text.RegularExpressions;
using CalGateway.Problems;

namespace CalGateway.Configuration.Schema;

/// <summary>Quotes user input for a message: short, on one line, and without what looks like a key or a password.</summary>
internal static partial class Quoted
{
    private const int MaxLength = 60;

    public static string Text(string text) => $"\"{Redaction.Clean(UserInfo().Replace(text, "[redacted]@"), MaxLength)}\"";

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));

    [GeneratedRegex(@"(?<=://)[^/\s]*@")]
    private static partial Regex UserInfo();
}
