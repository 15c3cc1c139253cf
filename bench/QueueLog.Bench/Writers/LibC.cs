using System.Runtime.InteropServices;

namespace QueueLog.Bench.Writers;

/// <summary>The three system calls of a file that several processes append to.</summary>
internal static partial class LibC
{
    private const int WriteOnly = 1;

    private static int Append => OperatingSystem.IsMacOS() ? 0x8 : 0x400;

    // The file must exist: creating takes a third, variadic argument, which Apple's ABI passes in another place.
    public static int OpenForAppend(string path)
    {
        var descriptor = Open(path, WriteOnly | Append);
        return descriptor >= 0 ? descriptor : throw Failure("open");
    }

    public static void WriteWhole(int descriptor, ReadOnlySpan<byte> line)
    {
        if (Write(descriptor, line, line.Length) != line.Length)
        {
            throw Failure("write");
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
}
