using System.Collections.Concurrent;
using CalGateway.Configuration;

namespace CalGateway.Management.Tokens;

/// <summary>
/// The token files by path, kept across edits of the settings: while a file is being replaced, its last valid token stays in force even if the settings are
/// edited.
/// </summary>
internal sealed class TokenFiles
{
    private readonly ConcurrentDictionary<string, TokenFile> _files = new(StringComparer.Ordinal);

    /// <exception cref="StartupException">The file has no token.</exception>
    public TokenFile Of(string path) => _files.GetOrAdd(Path.GetFullPath(path), TokenFile.Open);
}
