using System.Text.RegularExpressions;
using CalGateway.Problems;

namespace CalGateway.Configuration.Schema;

/// <summary>What was written, as a message may show it: short, on one line, without what looks like a key or a password.</summary>
internal static partial class Quoted
{
    private const int MaxLength = 60;

    public static string Text(string text) => $"\"{Redaction.Clean(UserInfo().Replace(text, "[redacted]@"), MaxLength)}\"";

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));

    [GeneratedRegex(@"(?<=://)[^/\s]*@")]
    private static partial Regex UserInfo();
}
