using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>What is called of kernel32, by its own names.</summary>
internal static class Kernel32
{
#pragma warning disable SYSLIB1054, CA5392 // little to marshal; kernel32 is never looked for in the application's folder
    // SECURITY_ATTRIBUTES
    public struct SecurityAttributes
    {
        public int Length;
        public nint Descriptor;
        public int InheritHandle;
    }

    [DllImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool GetFileInformationByHandle(SafeFileHandle file, ref byte result);

    [DllImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool GetFileInformationByHandleEx(SafeFileHandle file, int kind, ref byte result, int length);

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern SafeFileHandle CreateFileW(string path, uint access, uint share, nint security, uint creation, uint flags, nint template);

    [DllImport("kernel32")]
    public static extern nint GetStdHandle(int which);

    // Without the character set a char goes as one byte, and behind it whatever lies there.
    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern bool WriteConsoleW(nint console, in char text, int length, out int written, nint reserved);

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern bool WaitNamedPipeW(string name, uint milliseconds);

    [DllImport("kernel32")]
    public static extern int GetNamedPipeClientProcessId(nint pipe, out uint pid);

    [DllImport("kernel32")]
    public static extern int PeekNamedPipe(nint pipe, nint buffer, uint size, nint read, out uint available, nint left);

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern SafePipeHandle CreateNamedPipeW(string name, uint openMode, uint pipeMode, uint instances, uint outSize, uint inSize, uint timeout, in SecurityAttributes security);

    [DllImport("kernel32", SetLastError = true)]
    public static extern bool ConnectNamedPipe(SafePipeHandle pipe, nint overlapped);

    [DllImport("kernel32", SetLastError = true)]
    public static extern bool GetOverlappedResult(SafePipeHandle pipe, nint overlapped, out uint transferred, bool wait);

    [DllImport("kernel32")]
    public static extern bool CancelIoEx(SafePipeHandle pipe, nint overlapped);

    [DllImport("kernel32", SetLastError = true)]
    public static extern IntPtr CreateJobObjectW(IntPtr attributes, IntPtr name);

    [DllImport("kernel32", SetLastError = true)]
    public static extern bool SetInformationJobObject(IntPtr job, int kind, byte[] limits, int length);

    [DllImport("kernel32", SetLastError = true)]
    public static extern bool AssignProcessToJobObject(IntPtr job, IntPtr process);

    [DllImport("kernel32")]
    public static extern IntPtr GetCurrentProcess();

    [DllImport("kernel32")]
    public static extern bool TerminateProcess(IntPtr process, int code);
#pragma warning restore SYSLIB1054, CA5392
}
