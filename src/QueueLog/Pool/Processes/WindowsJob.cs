using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using static QueueLog.Native.Kernel32;

namespace QueueLog.Pool.Processes;

/// <summary>The Windows counterpart of a process group: a job object whose members end with its last handle.</summary>
internal static class WindowsJob
{
    private const int ExtendedLimitInformation = 9;
    private const int KillOnJobClose = 0x2000;

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION; LimitFlags comes after two 64-bit times.
    private const int LimitFlagsOffset = 16;

    private static readonly int LimitLength = IntPtr.Size == 8 ? 144 : 112;

    /// <summary>Puts this process into a job of its own. The handle is never closed: Windows does it when the process ends.</summary>
    /// <returns>Why that could not be done, or null.</returns>
    public static string? Join() => Join(GetCurrentProcess());

    internal static string? Join(IntPtr process)
    {
        var job = CreateJobObjectW(IntPtr.Zero, IntPtr.Zero);
        var limits = new byte[LimitLength];
        BinaryPrimitives.WriteInt32LittleEndian(limits.AsSpan(LimitFlagsOffset), KillOnJobClose);
        return job != IntPtr.Zero && SetInformationJobObject(job, ExtendedLimitInformation, limits, limits.Length) && AssignProcessToJobObject(job, process)
            ? null
            : new Win32Exception(Marshal.GetLastPInvokeError()).Message;
    }

    public static void Exit(int code) => TerminateProcess(GetCurrentProcess(), code);
}
