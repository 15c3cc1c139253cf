using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using static QueueLog.Native.Kernel32;

namespace QueueLog.Transport;

/// <summary>An end on Windows, where a client needs a free one to come at all.</summary>
// .NET's own server takes a client that has written its lines and left before it was waited for to be none, and lets only those in
// whose token has the same owner, which an elevated process and another of the same user do not.
[SupportedOSPlatform("windows")]
internal sealed class WindowsPipeInstance : PipeInstance
{
    private const int BufferSize = 64 * 1024;

    private static readonly int OverlappedLength = Marshal.SizeOf<NativeOverlapped>();

    private readonly SafePipeHandle handle;
    private readonly ManualResetEvent signal = new(false);
    private readonly TaskCompletionSource<Stream> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not the garbage collector's to move: the system writes to it.
    private readonly nint overlapped = Marshal.AllocHGlobal(OverlappedLength);

    private readonly object gate = new();

    // Guarded by gate.
    private bool isStopping;

    private WindowsPipeInstance(SafePipeHandle handle)
    {
        this.handle = handle;
        lock (gate)
        {
            WaitForClient();
        }
    }

    public override Task<Stream> Connected => connected.Task;

    /// <exception cref="UnauthorizedAccessException">Another process has the name, where this is to be its first end.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static unsafe WindowsPipeInstance Create(string address, bool first)
    {
        const uint Duplex = 3;
        const uint Overlapped = 0x40000000;
        const uint FirstInstance = 0x80000;
        const uint RejectRemoteClients = 8;
        const uint UnlimitedInstances = 255;
        fixed (byte* descriptor = WindowsUser.Descriptor)
        {
            var security = new SecurityAttributes { Length = sizeof(SecurityAttributes), Descriptor = (nint)descriptor, InheritHandle = 0 };
            var handle = CreateNamedPipeW(address, Duplex | Overlapped | (first ? FirstInstance : 0), RejectRemoteClients, UnlimitedInstances, BufferSize, BufferSize, 0, in security);
            if (!handle.IsInvalid)
            {
                return new WindowsPipeInstance(handle);
            }

            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw error == Errors.AccessDenied ? new UnauthorizedAccessException($"The pipe '{address}' is another's.") : ErrorOf(error);
        }
    }

    public override void StopWaiting()
    {
        lock (gate)
        {
            isStopping = true;
            if (!connected.Task.IsCompleted)
            {
                CancelIoEx(handle, overlapped);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        StopWaiting();
        try
        {
            await (await connected.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }

        handle.Dispose();
    }

    private static IOException ErrorOf(int error) => new(new Win32Exception(error).Message, unchecked((int)0x80070000) | error);

    private void WaitForClient()
    {
        Marshal.StructureToPtr(new NativeOverlapped { EventHandle = signal.SafeWaitHandle.DangerousGetHandle() }, overlapped, fDeleteOld: false);
        if (ConnectNamedPipe(handle, overlapped))
        {
            Complete(0);
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == Errors.Pending)
        {
            ThreadPool.RegisterWaitForSingleObject(signal, (_, _) => HandleSignal(), null, Timeout.Infinite, executeOnlyOnce: true);
        }
        else
        {
            Complete(error);
        }
    }

    private void HandleSignal()
    {
        lock (gate)
        {
            var error = Result();
            if (error == Errors.Aborted && !isStopping)
            {
                // The thread that began the wait has ended, as idle threads of the pool do, and the system has given up what it began. A
                // client may have come all the same.
                signal.Reset();
                WaitForClient();
            }
            else
            {
                Complete(error);
            }
        }
    }

    private int Result()
    {
        // Its event may be seen before its result: to give up the end then would throw out a client that has just come.
        int error;
        while ((error = GetOverlappedResult(handle, overlapped, out _, false) ? 0 : Marshal.GetLastPInvokeError()) == Errors.Incomplete)
        {
            Thread.Yield();
        }

        return error;
    }

    private void Complete(int error)
    {
        Marshal.FreeHGlobal(overlapped);
        signal.Dispose();
        switch (error)
        {
            // No data: it has left already. What it wrote before is there to be read.
            case 0 or Errors.PipeConnected or Errors.NoData:
                Open();
                break;
            case Errors.Aborted:
                connected.SetCanceled();
                break;
            default:
                connected.SetException(ErrorOf(error));
                break;
        }
    }

    // Nothing may be thrown here: this is a thread of the pool's.
    private void Open()
    {
        try
        {
            connected.SetResult(new NamedPipeServerStream(PipeDirection.InOut, isAsync: true, isConnected: true, handle));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ArgumentException or UnauthorizedAccessException)
        {
            connected.SetException(new IOException(e.Message, e));
        }
    }

    private static class Errors
    {
        public const int AccessDenied = 5;
        public const int NoData = 232;
        public const int PipeConnected = 535;
        public const int Aborted = 995;
        public const int Incomplete = 996;
        public const int Pending = 997;
    }
}
