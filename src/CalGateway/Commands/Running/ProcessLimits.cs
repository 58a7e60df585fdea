using System.Globalization;

namespace CalGateway.Commands.Running;

/// <summary>Checks the system's limits for this process: with too few open files or too little memory, .NET fails later with an unrelated message.</summary>
internal static class ProcessLimits
{
    private const string Limits = "/proc/self/limits";
    private const string RandomNumbers = "/dev/urandom";
    private const string OpenFiles = "Max open files";
    private const int MinOpenFiles = 512;
    private const long MinMemory = 128 * 1024 * 1024;

    /// <summary>Why the process cannot work; null where it can.</summary>
    public static string? Refusal() => OperatingSystem.IsLinux() && !File.Exists(RandomNumbers)
        ? $"{RandomNumbers} is not there, and without random numbers nothing can be encrypted. Mount /dev, as in: mount --rbind /dev ROOT/dev."
        : OpenFilesGranted() is { } granted && granted < MinOpenFiles
        ? $"This process may have {granted} files open at once, and each of .NET's libraries, of callers' connections and of those to Cal.com is one. " +
            $"Raise the limit to {MinOpenFiles} or more: ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker."
        : null;

    /// <summary>A warning about too little memory; null where there is enough.</summary>
    public static string? Warning() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var available and < MinMemory
        ? $"warning: {available / (1024 * 1024)} MiB of memory are granted. The gateway takes about 100 MiB, and the system may end it: grant {MinMemory / (1024 * 1024)} MiB or more."
        : null;

    /// <summary>Null where the system has no limit, or does not tell it. The runtime has already raised the soft limit.</summary>
    private static long? OpenFilesGranted()
    {
        if (!File.Exists(Limits))
            return null;

        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
        var granted = line?[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(granted, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null;
    }
}
