using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CalGateway.Benchmarks;

/// <summary>
/// How long a process has run on a processor, to the nanosecond: <c>/proc/PID/stat</c> and .NET's own count tell it by hundredths of a second, which
/// is too coarse for short turns.
/// </summary>
internal static partial class ProcessorClock
{
    public static TimeSpan Of(int process)
    {
        // What clock_getcpuclockid(3) gives for a process, by the layout in the kernel's posix-timers_types.h.
        const int scheduled = 2;
        if (GetTime((~process << 3) | scheduled, out var time) != 0)
            throw new Win32Exception();
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    /// <summary>Of all processes that this one has started and waited for.</summary>
    public static TimeSpan OfEndedChildren()
    {
        const int children = -1;
        if (GetUsage(children, out var usage) != 0)
            throw new Win32Exception();
        return usage.User.ToTimeSpan() + usage.System.ToTimeSpan();
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetUsage(int whose, out Usage usage);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out Time time);

    private readonly record struct Time(nint Seconds, nint Nanoseconds);

    private readonly record struct TimeValue(nint Seconds, nint Microseconds)
    {
        public TimeSpan ToTimeSpan() => TimeSpan.FromSeconds(Seconds) + TimeSpan.FromMicroseconds(Microseconds);
    }

    /// <summary>The two that are wanted, and the fourteen counters behind them.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * 8)]
    private readonly record struct Usage(TimeValue User, TimeValue System);
}
