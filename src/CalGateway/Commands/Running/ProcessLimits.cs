using System.Globalization;

namespace CalGateway.Commands.Running;

/// <summary>What the system grants this process. With too little of it .NET ends with whatever fails first, so that it is looked at before anything else.</summary>
internal static class ProcessLimits
{
    private const string Limits = "/proc/self/limits";
    private const string OpenFiles = "Max open files";
    private const int FewestOpenFiles = 512;
    private const long LeastMemory = 128 * 1024 * 1024;

    /// <summary>Why it is of no use to begin; null where it is.</summary>
    public static string? Refusal() => OpenFilesGranted() is { } granted && granted < FewestOpenFiles
        ? $"This process may have {granted} files open at once, and each of .NET's libraries, of callers' connections and of those to Cal.com is one. " +
            $"Raise the limit to {FewestOpenFiles} or more: ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker."
        : null;

    /// <summary>What may end it later; null where there is nothing.</summary>
    public static string? Warning() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var available and < LeastMemory
        ? $"warning: {available / (1024 * 1024)} MiB of memory are granted. The gateway takes about 100 MiB, and the system may end it: grant {LeastMemory / (1024 * 1024)} MiB or more."
        : null;

    /// <summary>Null where the system does not tell, or sets no limit. The runtime has raised what it may by now.</summary>
    private static long? OpenFilesGranted()
    {
        if (!File.Exists(Limits))
            return null;

        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
        var granted = line?[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(granted, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null;
    }
}
