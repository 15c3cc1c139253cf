using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QueueLog.FaultActor;

/// <summary>Out of band, the number of the last record whose write had returned, for each thread of a writer. It outlives the writer: the system has it.</summary>
// report = (number:i64)*     one for each thread
internal sealed class WriterReport(string path) : IDisposable
{
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);

    public void Set(int thread, long number) => RandomAccess.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)), thread * sizeof(long));

    public long Get(int thread)
    {
        var number = 0L;
        RandomAccess.Read(file, MemoryMarshal.AsBytes(new Span<long>(ref number)), thread * sizeof(long));
        return number;
    }

    public void Dispose() => file.Dispose();
}
