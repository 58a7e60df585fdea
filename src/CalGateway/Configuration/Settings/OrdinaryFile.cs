namespace CalGateway.Configuration.Settings;

/// <summary>
/// Opens a file for reading and refuses pipes and devices: opening a pipe waits for its writer, and a device has no end. Neither has a length, so
/// that the length of what the symlinks lead to is looked at first.
/// </summary>
internal static class OrdinaryFile
{
    /// <summary>Null for a file that is empty, and for what is no ordinary file.</summary>
    /// <exception cref="IOException">It is not there, is a directory or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream? TryOpen(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("It is a directory.");

        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

        // Shared with whoever writes: an editor must never find the file locked by its reader.
        return target.Length == 0 ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
