using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using static QueueLog.Native.Libc;

namespace QueueLog.Sinks;

/// <summary>Standard error as a stream of UTF-8 whose writes hold up nobody but the thread that writes.</summary>
// On Unix the console streams of .NET write under the lock of Console.Out: a pipe nobody drains would block everything the
// process writes to its standard output. On a terminal they are used nevertheless, since they keep track of the cursor; whoever
// stops a terminal has stopped all output to it.
internal sealed class StandardError : WriteOnlyStream
{
    // One for all, so that its users can lock it: two consoles must not write into each other's lines.
    private static readonly Lazy<Stream> Shared = new(() =>
        OperatingSystem.IsWindows() ? WindowsConsoleStream.OpenError() : Console.IsErrorRedirected ? new StandardError() : Console.OpenStandardError());

    private StandardError()
    {
    }

    public static Stream Open() => Shared.Value;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        while (!buffer.IsEmpty)
        {
            buffer = buffer[WriteSome(buffer)..];
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static int WriteSome(ReadOnlySpan<byte> buffer)
    {
        const int Descriptor = 2;
        const int Interrupted = 4;
        var written = write(Descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
        if (written >= 0)
        {
            return (int)written;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == (OperatingSystem.IsLinux() ? 11 : 35))
        {
            // Would block: the pipe is non-blocking. This thread has nothing else to do.
            Thread.Sleep(TimeSpan.FromMilliseconds(5));
            return 0;
        }

        return error == Interrupted ? 0 : throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }
}
