using CalGateway.Diagnosis;

namespace CalGateway.Configuration;

/// <summary>What was written, as a message may show it: short, on one line, without what looks like a key.</summary>
internal static class Quoted
{
    private const int MaxLength = 60;

    public static string Text(string text) => $"\"{Redaction.Clean(text, MaxLength)}\"";

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
