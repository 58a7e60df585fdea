using System.Security.Cryptography;
using System.Text;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;

namespace CalGateway.Management.Tokens;

/// <summary>The file that <c>Management:Token</c> names, and a digest of the token in force. The token itself is not kept.</summary>
internal sealed class TokenFile
{
    public const string Key = $"{GatewayOptions.Section}:Management:Token";

    private const int MaxLength = 4096;

    private readonly string _path;
    private byte[] _digest;

    private TokenFile(string path)
    {
        _path = path;
        _digest = ReadDigest();
    }

    /// <param name="inForce">
    /// The file in force; null for none. If it is the same one, it is kept: while it is being replaced, its last valid token stays in force even if the settings
    /// are edited.
    /// </param>
    /// <exception cref="StartupException">The file has no token. The message quotes neither the content nor the setting, which may be the token by
    /// mistake.</exception>
    public static TokenFile Of(string path, TokenFile? inForce)
    {
        var full = Path.GetFullPath(path);
        return inForce?._path == full ? inForce : new TokenFile(full);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Holds(string token) => CryptographicOperations.FixedTimeEquals(DigestOf(token), Volatile.Read(ref _digest));

    /// <summary>The digest of the token that the file has now.</summary>
    /// <exception cref="StartupException">The file has no token.</exception>
    public byte[] ReadDigest() => DigestOf(TokenIn(_path));

    /// <summary>False where the digest was in force already.</summary>
    public bool Replace(byte[] digest) => !Interlocked.Exchange(ref _digest, digest).AsSpan().SequenceEqual(digest);

    /// <summary>The token itself, for a verb that sends it to a running gateway.</summary>
    /// <exception cref="StartupException">The file has no token.</exception>
    public static string TokenIn(string path)
    {
        try
        {
            using var stream = OrdinaryFile.TryOpen(path) ?? throw new StartupException($"{Key} names a file that is empty, or no ordinary file.");
            using var reader = new StreamReader(stream);
            var buffer = new char[MaxLength + 1];
            return Checked(new string(buffer, 0, reader.ReadBlock(buffer)));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartupException($"{Key} names a file that is not there. It is the path of a file that holds the token, not the token.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{Key} names a file that cannot be read ({failure.GetType().Name}). Which user does the gateway run as?", failure);
        }
    }

    /// <summary>Removes the line break with which editors and <c>echo</c> end a file, and checks the rest.</summary>
    private static string Checked(string content)
    {
        var token = content.TrimEnd('\r', '\n');
        if (token.Length == 0)
            throw new StartupException($"{Key} names a file that is empty, or no ordinary file.");
        if (token.Length > MaxLength || token.Any(character => character is <= ' ' or > '~'))
            throw new StartupException($"{Key} names a file that holds something else than a token: one line of at most {MaxLength} visible ASCII characters without a blank.");

        return token;
    }

    private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
