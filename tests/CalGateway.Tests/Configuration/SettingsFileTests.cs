using System.Text;
using CalGateway.Configuration.Settings;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Whatever is at the path of the settings file, reading it returns at once, with the content or a sentence that says what is wrong.</summary>
public sealed class SettingsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");

    private string At => Path.Combine(_folder.FullName, "yarp.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_content_is_read_through_any_number_of_symlinks()
    {
        // As Kubernetes mounts a ConfigMap: the file points into a folder that is itself a symlink.
        var version = _folder.CreateSubdirectory("..2026_05_01");
        File.WriteAllText(Path.Combine(version.FullName, "yarp.json"), "{ }");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), version.Name);
        File.CreateSymbolicLink(At, Path.Combine("..data", "yarp.json"));

        Assert.Equal("{ }", Encoding.UTF8.GetString(new SettingsFile(At).Read().Content!));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_with_the_ways_to_name_another() => AssertRefused("is not there", "--config");

    [Fact]
    public void An_empty_file_is_told()
    {
        File.WriteAllText(At, "");
        AssertRefused("is empty");
    }

    [Fact]
    public void Fifty_megabytes_are_refused_unread()
    {
        using (var file = File.Create(At))
            file.SetLength(50 * 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused("larger than 8192 KiB");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_look_at_a_large_file_tells_it_from_another_and_leaves_no_copy_of_it_behind()
    {
        var content = new byte[4 * 1024 * 1024];
        File.WriteAllBytes(At, content);
        var file = new SettingsFile(At);
        Assert.Equal(SettingsFile.FingerprintOf(content), file.Fingerprint());
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fingerprint = file.Fingerprint();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        content[^1] = 1;
        File.WriteAllBytes(At, content);
        Assert.NotEqual(fingerprint, file.Fingerprint());
    }

    [Fact]
    public void A_directory_is_told()
    {
        Directory.CreateDirectory(At);
        AssertRefused("is a directory");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_that_nobody_writes_to_is_told_without_waiting_for_a_writer(bool linked)
    {
        await NamedPipe.MakeAsync(linked ? At + ".pipe" : At);
        if (linked)
            File.CreateSymbolicLink(At, At + ".pipe");

        await Task.Run(() => AssertRefused("no ordinary file"), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_device_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no such device here.");
        Assert.Contains("no ordinary file", new SettingsFile("/dev/zero").Read().Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Symlinks_that_point_at_each_other_are_told()
    {
        File.CreateSymbolicLink(At, At + ".other");
        File.CreateSymbolicLink(At + ".other", At);
        AssertRefused("cannot be read");
    }

    [Fact]
    public void A_symlink_to_nothing_is_told()
    {
        File.CreateSymbolicLink(At, At + ".gone");
        AssertRefused("is not there");
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "A privileged process may read everything.");
        File.WriteAllText(At, "{ }");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(At, UnixFileMode.None);
        AssertRefused("cannot be read");
    }

    [Fact]
    public void Ten_thousand_looks_leave_no_handle_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open handles are counted in /proc.");
        File.WriteAllText(At, "{ }");
        var file = new SettingsFile(At);
        var ours = () => Directory.GetFiles("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget == At);

        for (var look = 0; look < 10_000; look++)
            file.Read();

        Assert.Equal(0, ours());
    }

    private void AssertRefused(params string[] words)
    {
        var (content, failure) = new SettingsFile(At).Read();

        Assert.Null(content);
        foreach (var word in words)
            Assert.Contains(word, failure, StringComparison.Ordinal);
    }
}
