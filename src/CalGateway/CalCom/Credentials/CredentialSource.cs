using System.Buffers;
using System.Text.RegularExpressions;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;

namespace CalGateway.CalCom.Credentials;

/// <summary>
/// Where a key comes from: an environment variable or a file. The gateway's own is <c>CALCOM_API_KEY</c> or <c>CALCOM_API_KEY_FILE</c>; settings name those of
/// other accounts.
/// </summary>
internal sealed partial record CredentialSource
{
    private const int MaxLength = 4096;

    private static readonly SearchValues<char> NotInKeys = SearchValues.Create("<>{}`");

    private readonly string? _key;
    private readonly string _name;

    private CredentialSource(string? key, string? path, string name)
    {
        _key = key;
        Path = path;
        _name = name;
    }

    /// <summary>The path of the key file; null if the key comes from a variable.</summary>
    public string? Path { get; }

    /// <exception cref="StartupException">There is no credential, or two of them.</exception>
    public static CredentialSource From(string? key, string? keyFile)
    {
        if (key is { Length: > 0 } && keyFile is { Length: > 0 })
            throw new StartupException("CALCOM_API_KEY and CALCOM_API_KEY_FILE are both set; keep one, so that it is plain which key is in use.");
        if (keyFile is { Length: > 0 })
            return new CredentialSource(null, System.IO.Path.GetFullPath(keyFile), "CALCOM_API_KEY_FILE");
        if (key is { Length: > 0 })
            return new CredentialSource(key, null, "CALCOM_API_KEY");

        throw new StartupException(
            "There is no credential for Cal.com. Set CALCOM_API_KEY (or CALCOM_API_KEY_FILE) to a key from Cal.com's settings, " +
            "Developer, API keys; or start with --sandbox to try the gateway without an account.");
    }

    /// <summary>The source of another account's key: a variable or, if that is null, a file.</summary>
    public static CredentialSource Other(string? variable, string? key, string? file) => variable is null
        ? new CredentialSource(null, System.IO.Path.GetFullPath(file!), "Access:Credentials")
        : new CredentialSource(key ?? "", null, variable);

    /// <summary>Replaces the record's own text, which would contain the key.</summary>
    public override string ToString() => _name;

    /// <exception cref="StartupException">The key cannot be read, or is no possible key. The message never quotes it.</exception>
    public string Read() => Path is null ? Checked(_key!, _name) : Checked(ReadFile(Path, _name), $"The key in {Path} ({_name})");

    private static string ReadFile(string path, string name)
    {
        try
        {
            using var stream = OrdinaryFile.TryOpen(path) ?? throw new StartupException($"{name} names {path}, which is empty, or no ordinary file.");
            using var reader = new StreamReader(stream);
            var buffer = new char[MaxLength + 1];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{name} names {path}, which cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Removes one line break at the end, which editors and <c>echo</c> add. Any other is refused, because it could end the header and begin another.</summary>
    private static string Checked(string key, string subject)
    {
        var trimmed = key.EndsWith("\r\n", StringComparison.Ordinal) ? key[..^2] : key.EndsWith('\n') ? key[..^1] : key;
        if (trimmed.Length == 0)
            throw new StartupException($"{subject} is empty.");
        if (trimmed.Length > MaxLength)
            throw new StartupException($"{subject} is longer than {MaxLength} characters, which no key of Cal.com is.");
        if (trimmed[0] is '"' or '\'' || trimmed[^1] is '"' or '\'')
            throw new StartupException($"{subject} stands in quotes, which would be sent as a part of it; take the quotes off.");
        if (trimmed.AsSpan().ContainsAny('=', ' ', '\t') && Assignment().IsMatch(trimmed))
            throw new StartupException($"{subject} begins with a name and an equals sign, as a line of a script does, or with Bearer; keep the key alone.");
        if (trimmed.AsSpan().ContainsAny(NotInKeys))
            throw new StartupException($"{subject} is a placeholder, a template or JSON, to go by its brackets or backquotes; put the key itself there.");
        if (trimmed.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new StartupException(
                $"{subject} holds a line break, a blank or another character that no key has. Keep the key alone, on one line.");
        }

        return trimmed;
    }

    /// <summary>Matches a line of a script (<c>NAME=</c>), and a key that begins with <c>Bearer</c>.</summary>
    [GeneratedRegex(@"^((export\s+)?[A-Za-z][A-Za-z0-9_.-]*\s*=(?!=*$)|[Bb]earer\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
