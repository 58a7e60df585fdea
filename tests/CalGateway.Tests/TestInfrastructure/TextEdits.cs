namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Edits of settings in text form.</summary>
internal static class TextEdits
{
    public static string ReplaceFirst(this string text, string former, string latter)
    {
        var start = text.IndexOf(former, StringComparison.Ordinal);
        return $"{text[..start]}{latter}{text[(start + former.Length)..]}";
    }
}
