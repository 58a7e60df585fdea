using CalGateway.Configuration;

namespace CalGateway.Management.Tokens;

/// <summary>
/// The token file that the settings named last, kept across edits of the settings: while it is being replaced, its last valid token stays in force even if the
/// settings are edited. A file that is named again after another is read anew.
/// </summary>
internal sealed class TokenFiles
{
    private string? _path;
    private TokenFile? _file;

    /// <exception cref="StartupException">The file has no token.</exception>
    public TokenFile Of(string path)
    {
        var full = Path.GetFullPath(path);
        if (_file is null || _path != full)
            (_path, _file) = (full, TokenFile.Open(full));
        return _file;
    }
}
