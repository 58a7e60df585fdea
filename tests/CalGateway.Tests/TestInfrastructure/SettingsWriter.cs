namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The ways in which editors, tools and orchestrators replace a settings file.</summary>
internal static class SettingsWriter
{
    /// <param name="path">The file that the gateway was started with.</param>
    /// <param name="content">The new text.</param>
    /// <param name="way">The way to write it.</param>
    /// <param name="meanwhile">Called while the file is incomplete, where the way has such a moment.</param>
    public static async Task WriteAsync(string path, string content, string way, Func<Task> meanwhile)
    {
        var cancellation = TestContext.Current.CancellationToken;
        switch (way)
        {
            case "in place":
                await File.WriteAllTextAsync(path, content, cancellation);
                break;
            case "in two halves":
                await File.WriteAllTextAsync(path, content[..(content.Length / 2)], cancellation);
                using (var pause = new PeriodicTimer(TimeSpan.FromSeconds(1)))
                    await pause.WaitForNextTickAsync(cancellation);
                await meanwhile();
                await File.AppendAllTextAsync(path, content[(content.Length / 2)..], cancellation);
                break;
            case "renamed over":
                await File.WriteAllTextAsync(path + ".new", content, cancellation);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "deleted and made again":
                File.Delete(path);
                await meanwhile();
                await File.WriteAllTextAsync(path, content, cancellation);
                break;
            case "swapped symlink":
                await File.WriteAllTextAsync(path + ".target", content, cancellation);
                File.CreateSymbolicLink(path + ".link", path + ".target");
                File.Move(path + ".link", path, overwrite: true);
                break;
            case "swapped folder":
                await SwapFolderAsync(path, content);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, "No such way of writing.");
        }
    }

    /// <summary>As in Kubernetes: the file is a symbolic link through <c>..data</c>, and that link is swapped.</summary>
    private static async Task SwapFolderAsync(string path, string content)
    {
        var folder = Path.GetDirectoryName(path)!;
        var data = Path.Combine(folder, "..data");
        var old = Directory.CreateDirectory(Path.Combine(folder, "..2026_01"));
        File.Move(path, Path.Combine(old.FullName, "yarp.json"));
        Directory.CreateSymbolicLink(data, old.FullName);
        File.CreateSymbolicLink(path, Path.Combine("..data", "yarp.json"));

        var young = Directory.CreateDirectory(Path.Combine(folder, "..2026_02"));
        await File.WriteAllTextAsync(Path.Combine(young.FullName, "yarp.json"), content, TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(data + "_tmp", young.FullName);
        Directory.Move(data + "_tmp", data + "_next");
        File.Delete(data);
        Directory.Move(data + "_next", data);
    }
}
