using System.Security.Cryptography;
using CalGateway.Configuration.Schema;

namespace CalGateway.Configuration.Settings;

/// <summary>The settings file of this process, <c>yarp.json</c> by default.</summary>
internal sealed class SettingsFile(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>
    /// <c>--config</c>, else <c>CALGATEWAY_CONFIG</c>, else <c>./yarp.json</c>, else the copy beside the executable. A named path is used even if the file
    /// does not exist: falling back silently would serve other settings than the user asked for.
    /// </summary>
    public static SettingsFile Locate(string? argument, string? variable, string workingDirectory, string executableDirectory)
    {
        if (argument is { Length: > 0 } or null && (argument ?? variable) is { Length: > 0 } named)
            return new SettingsFile(System.IO.Path.Combine(workingDirectory, named));

        var local = System.IO.Path.Combine(workingDirectory, "yarp.json");
        return new SettingsFile(File.Exists(local) ? local : System.IO.Path.Combine(executableDirectory, "yarp.json"));
    }

    /// <summary>The content, or a sentence that says why it cannot be read.</summary>
    public (byte[]? Content, string? Failure) Read() => Read(stream =>
    {
        var content = new byte[stream.Length];
        return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
    });

    /// <summary>
    /// A digest of the content, or a sentence that says why it cannot be read. The watcher compares it four times a second; reading the whole content each
    /// time would leave a copy for the garbage collector.
    /// </summary>
    public string Fingerprint()
    {
        var (digest, failure) = Read(stream => SHA256.HashData(stream));
        return digest is null ? failure! : Convert.ToHexString(digest);
    }

    /// <summary>The <see cref="Fingerprint"/> of a file with this content.</summary>
    public static string FingerprintOf(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

    private (byte[]? Bytes, string? Failure) Read(Func<Stream, byte[]> read)
    {
        try
        {
            if (Directory.Exists(Path))
                return (null, $"{Path} is a directory. Name the file in it with --config or CALGATEWAY_CONFIG.");

            using var stream = OrdinaryFile.TryOpen(Path);
            if (stream is null)
                return (null, $"{Path} is empty, or no ordinary file. Restore it, or start from the yarp.json that ships with CalGateway.");
            if (stream.Length > SettingsText.MaxBytes)
                return (null, $"{Path} is larger than {SettingsText.MaxBytes / 1024} KiB, which no configuration is. Is it the right file?");

            return (read(stream), null);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"{Path} is not there. Name another file with --config or CALGATEWAY_CONFIG.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, $"{Path} cannot be read: {failure.Message}");
        }
    }
}
