using System.Collections.Concurrent;
using CalGateway.Configuration;

namespace CalGateway.Management.Tokens;

/// <summary>
/// The token files by their paths. It outlives an edit of the settings: a token that was good stays in force while its file is being replaced, whatever
/// else is edited meanwhile.
/// </summary>
internal sealed class TokenFiles
{
    private readonly ConcurrentDictionary<string, TokenFile> _files = new(StringComparer.Ordinal);

    /// <exception cref="StartupException">There is no token in it.</exception>
    public TokenFile Of(string path) => _files.GetOrAdd(Path.GetFullPath(path), TokenFile.Open);
}
