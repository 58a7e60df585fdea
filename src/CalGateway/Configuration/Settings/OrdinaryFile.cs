namespace CalGateway.Configuration.Settings;

/// <summary>
/// Opens a regular file for reading, but no pipe or device: to open a pipe blocks until somebody writes to it, and a device may have no end. Both report
/// length 0, so that the length, with symbolic links resolved, is checked first.
/// </summary>
internal static class OrdinaryFile
{
    /// <summary>Null for an empty file, a pipe and a device.</summary>
    /// <exception cref="IOException">The file does not exist, is a directory or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The process has no right to read the file.</exception>
    public static FileStream? TryOpen(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("It is a directory.");

        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

        // Shared with writers, so that an editor never finds the file locked.
        return target.Length == 0 ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }
}
