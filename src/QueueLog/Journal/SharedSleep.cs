using System.Runtime.InteropServices;
using static QueueLog.Native.Libc;

namespace QueueLog.Journal;

/// <summary>Sleep on a number in shared memory, and wake those who do, in whatever process: one system call on each side and no pipe between.</summary>
// A futex of Linux. Windows and macOS have nothing of the kind between processes: there a frame over the pipe wakes.
internal static unsafe class SharedSleep
{
    private const int FutexWait = 0;
    private const int FutexWake = 1;

    // The system call's number; 0 where there is none.
    private static readonly nint Number = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 or Architecture.LoongArch64 => 98,
        Architecture.S390x => 238,
        Architecture.Ppc64le => 221,
        _ => 0,
    };

    /// <summary>Whether this system can.</summary>
    public static bool IsSupported => Number != 0;

    /// <summary>Sleeps while the number is as expected, until somebody wakes those who sleep on it; may return earlier.</summary>
    /// <param name="number">Where it lies in shared memory. If that is unmapped meanwhile, the sleep lasts its time out at most.</param>
    /// <param name="expected">What it must be for a sleep.</param>
    /// <param name="timeout">The longest sleep.</param>
    public static void Wait(int* number, int expected, TimeSpan timeout)
    {
        var time = new TimeSpec { Seconds = (long)timeout.TotalSeconds, Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * 100 };
        _ = syscall(Number, (nint)number, FutexWait, expected, (nint)(&time), 0, 0);
    }

    /// <summary>Wakes all who sleep on the number.</summary>
    public static void Wake(int* number) => _ = syscall(Number, (nint)number, FutexWake, int.MaxValue, 0, 0, 0);

    // Of 64-bit systems, which all of the above are.
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
