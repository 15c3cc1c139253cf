using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.Native;

/// <summary>What is called of the C libraries of Linux and macOS, by its own names.</summary>
internal static class Libc
{
#pragma warning disable IDE1006, SYSLIB1054, CA5392 // the library's own names; the generator of SYSLIB1054 has little to marshal here, and libc is never looked for in the application's folder
    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    public struct PollQuestion
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    // On the architectures it is called on, a function with a variable number of arguments takes them as any other does.
    [DllImport("libc")]
    public static extern nint syscall(nint number, nint address, nint operation, nint value, nint timeout, nint address2, nint value3);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int renameat2(int oldFolder, string from, int newFolder, string to, uint flags);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int renamex_np(string from, string to, uint flags);

    [DllImport("libc", SetLastError = true)]
    public static extern int fdatasync(SafeFileHandle file);

    [DllImport("libc", SetLastError = true)]
    public static extern int fsync(SafeFileHandle file);

    [DllImport("libc")]
    public static extern int setpriority(int kind, int who, int priority);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int open(string path, int flags, int mode);

    [DllImport("libc")]
    public static extern int flock(SafeFileHandle file, int operation);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int linkat(int oldFolder, string from, int newFolder, string to, int flags);

    [DllImport("libc", SetLastError = true)]
    public static extern nint write(int descriptor, in byte buffer, nint count);

    [DllImport("libc")]
    public static extern unsafe int getpwuid_r(uint user, nint* entry, byte* texts, nuint length, out nint found);

    [DllImport("libc")]
    public static extern int getsockopt(int socket, int level, int option, ref int value, ref int length);

    [DllImport("libc")]
    public static extern int getpeereid(int socket, out uint user, out uint group);

    [DllImport("libc")]
    public static extern int shutdown(int socket, int how);

    [DllImport("libc")]
    public static extern int poll(ref PollQuestion questions, nuint count, int timeout);

    // On Linux a function with a variable number of arguments takes them as any other does.
    [DllImport("libc")]
    public static extern int fcntl(int descriptor, int command, int flags);

    [DllImport("libc")]
    public static extern int setpgid(int pid, int group);

    [DllImport("libc")]
    public static extern int kill(int pid, int signal);

    [DllImport("libc")]
    public static extern void _exit(int code);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int open(string path, int flags);

    [DllImport("libc")]
    public static extern nint read(int file, ref byte buffer, nint length);

    [DllImport("libc")]
    public static extern int close(int file);

    [DllImport("libc", EntryPoint = "access", CharSet = CharSet.Ansi, BestFitMapping = false)]
    public static extern int MayAccess(string path, int mode);
#pragma warning restore IDE1006, SYSLIB1054, CA5392
}
