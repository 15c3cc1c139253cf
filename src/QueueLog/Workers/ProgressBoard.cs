using System.IO.MemoryMappedFiles;
using QueueLog.Transport;

namespace QueueLog.Workers;

/// <summary>
/// Memory that a pool shares with its workers, one number for each: how many items the process has begun. A killed worker's
/// last messages may be lost with it, this is not, so an item is never run twice for being thought not begun.
/// </summary>
internal sealed unsafe class ProgressBoard : IDisposable
{
    // A cache line for each worker: neighbours on one line would slow each other down.
    private const int SlotLength = 64;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* memory;
    private readonly string path;
    private int disposed;

    private ProgressBoard(string path, FileMode mode, int slots)
    {
        this.path = path;
        var length = (long)slots * SlotLength;
        var stream = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length < length)
        {
            stream.SetLength(length);
        }

        file = MemoryMappedFile.CreateFromFile(stream, null, stream.Length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
    }

    /// <summary>The file beside a pool's address.</summary>
    public static string PathFor(string address) =>
        OperatingSystem.IsWindows() ? Path.Combine(StateFolder.Default, Path.GetFileName(address) + ".progress") : address + ".progress";

    public static ProgressBoard Create(string address, int slots) => new(PathFor(address), FileMode.CreateNew, slots);

    public static ProgressBoard Open(string address, int slot) => new(PathFor(address), FileMode.Open, slot + 1);

    public long Read(int slot) => Volatile.Read(ref *(long*)(memory + ((long)slot * SlotLength)));

    public void Write(int slot, long begun) => Volatile.Write(ref *(long*)(memory + ((long)slot * SlotLength)), begun);

    /// <summary>Removes the file; the memory stays until it is disposed.</summary>
    public void Delete() => File.Delete(path);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
