using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using static QueueLog.Native.Kernel32;

namespace QueueLog.Sinks;

/// <summary>A console window that takes UTF-16, as the window itself does: its code page, which may have few of the letters, plays no part.</summary>
internal sealed class WindowsConsoleStream : WriteOnlyStream
{
    private const int ErrorHandle = -12;

    // The console takes no more at once than fits into 64 KiB.
    private const int MostAtOnce = 16 * 1024;

    private WindowsConsoleStream()
    {
    }

    /// <summary>Standard error as a stream that is given UTF-8: a window shows all of it, a file or another program gets it in the encoding of the process's other output.</summary>
    [SupportedOSPlatform("windows")]
    public static Stream OpenError() => Console.IsErrorRedirected
        ? Transcoded(new Redirected(Console.OpenStandardError()), Console.OutputEncoding)
        : Transcoded(new WindowsConsoleStream(), Encoding.Unicode);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (var text = MemoryMarshal.Cast<byte, char>(buffer); !text.IsEmpty;)
        {
            if (!WriteConsoleW(GetStdHandle(ErrorHandle), in MemoryMarshal.GetReference(text), Math.Min(text.Length, MostAtOnce), out var written, 0))
            {
                throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }

            text = text[written..];
        }
    }

    /// <summary>A stream that is given UTF-8 and passes it on in another encoding.</summary>
    internal static Stream Transcoded(Stream inner, Encoding encoding) =>
        encoding.CodePage == Encoding.UTF8.CodePage ? inner : Encoding.CreateTranscodingStream(inner, encoding, Encoding.UTF8);

    // A pipe takes a write whole or, where nobody reads it, not at all: what the process had shown before its end would be gone.
    private sealed class Redirected(Stream pipe) : WriteOnlyStream
    {
        private const int Part = 1024;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            for (; buffer.Length > Part; buffer = buffer[Part..])
            {
                pipe.Write(buffer[..Part]);
            }

            pipe.Write(buffer);
        }
    }
}
