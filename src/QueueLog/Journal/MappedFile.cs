using System.IO.MemoryMappedFiles;

namespace QueueLog.Journal;

/// <summary>A file of fixed size mapped into memory, its space allocated when it is made: no later write can fail for want of room.</summary>
// Whoever uses the memory makes sure that it is not disposed meanwhile.
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private byte* pointer;

    private MappedFile(FileStream stream)
    {
        Length = checked((int)stream.Length);
        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        try
        {
            view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.ReadWrite);
        }
        catch
        {
            map.Dispose();
            throw;
        }

        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        pointer = start + view.PointerOffset;
    }

    public int Length { get; }

    /// <summary>Creates a file that no one but the user can open.</summary>
    /// <exception cref="JournalException">It cannot be created, or there is no room for it.</exception>
    public static MappedFile Create(string path, int length)
    {
        try
        {
            return new MappedFile(Allocate(path, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"'{path}' cannot be created: {e.Message}", e);
        }
    }

    /// <summary>Opens a file that exists.</summary>
    /// <exception cref="JournalException">It cannot be opened, or is not of a length that can be mapped.</exception>
    public static MappedFile Open(string path, int shortest)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (stream.Length < shortest || stream.Length > int.MaxValue)
            {
                throw new JournalException($"'{path}' has {stream.Length} bytes, which no such file has.");
            }

            return new MappedFile(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Not supported: a pipe, say, has no length.
            stream?.Dispose();
            throw e as JournalException ?? new JournalException($"'{path}' cannot be opened: {e.Message}", e);
        }
    }

    public Span<byte> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)Length);
        return new Span<byte>(pointer + start, length);
    }

    /// <summary>A number in the file; its offset is a multiple of 8, so that it is read and written whole.</summary>
    public ref long Int64(int offset) => ref *(long*)(pointer + offset);

    public ref int Int32(int offset) => ref *(int*)(pointer + offset);

    /// <summary>Where a number lies, for those who sleep on it.</summary>
    public int* AddressOf(int offset) => (int*)(pointer + offset);

    public void Dispose()
    {
        if (pointer is null)
        {
            return;
        }

        // A late use then meets an exception, not another's memory.
        pointer = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }

    private static FileStream Allocate(string path, int length)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = length,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var stream = new FileStream(path, options);
        try
        {
            stream.SetLength(length);
            return stream;
        }
        catch
        {
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }
}
