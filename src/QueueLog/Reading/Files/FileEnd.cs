using Microsoft.Win32.SafeHandles;

namespace QueueLog.Reading.Files;

/// <summary>How far a growing file was read, and what stood there.</summary>
internal sealed class FileEnd
{
    private const int Kept = 64;

    private readonly SafeFileHandle file;
    private readonly long place;
    private readonly byte[] before;

    public FileEnd(SafeFileHandle file, long place)
    {
        this.file = file;
        this.place = place;
        before = BytesBefore();
    }

    public bool HasGrown => RandomAccess.GetLength(file) > place;

    /// <summary>Whether nothing was read, and there is something now.</summary>
    public bool HasBegun => place == 0 && HasGrown;

    /// <summary>False when the file was emptied since, even if it is longer again by now.</summary>
    public bool IsStillThere => BytesBefore().AsSpan().SequenceEqual(before);

    /// <summary>Where the last whole line of a file ends.</summary>
    public static long LastLine(SafeFileHandle file)
    {
        var block = new byte[64 * 1024];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var start = Math.Max(0, end - block.Length);
            var read = RandomAccess.Read(file, block.AsSpan(0, (int)(end - start)), start);
            if (read > 0 && block[read - 1] == '\r' && start + read == end && !block.AsSpan(0, read).Contains((byte)'\n'))
            {
                // Such a file ends its lines so.
                return end;
            }

            LoneBreaks.Replace(block.AsSpan(0, read));
            var line = block.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (line >= 0)
            {
                return start + line + 1;
            }

            end = start;
        }

        return 0;
    }

    private byte[] BytesBefore()
    {
        var start = Math.Max(0, place - Kept);
        var bytes = new byte[place - start];
        var read = RandomAccess.Read(file, bytes, start);
        return bytes[..read];
    }
}
