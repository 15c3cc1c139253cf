using System.Runtime.InteropServices;

namespace QueueLog.Bench.Writers;

/// <summary>The system calls of a file that several processes append to.</summary>
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

    /// <summary>Waits until the content is on the disk, and of the rest only what is needed to read it.</summary>
    public static void Sync(int descriptor)
    {
        // Apple's has no declaration and is not meant to be called.
        if ((OperatingSystem.IsMacOS() ? FSync(descriptor) : FDataSync(descriptor)) != 0)
        {
            throw Failure("fdatasync");
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
}
