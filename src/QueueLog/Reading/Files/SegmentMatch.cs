using System.Buffers.Binary;

namespace QueueLog.Reading.Files;

/// <summary>Knows a file of a log again after it was rolled, perhaps several times, and perhaps compressed.</summary>
internal static class SegmentMatch
{
    private const int HeadLength = 1024;

    /// <summary>How many files are older than the next one to read: those up to the one that was read last.</summary>
    public static int IndexBehind(IReadOnlyList<LogSegment> segments, LogSegment read)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Identity is { } identity && identity == read.Identity)
            {
                return i + 1;
            }
        }

        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].IsCompressed && IsCompressedFrom(segments[i], read))
            {
                return i + 1;
            }
        }

        // It was deleted. When old files are, the oldest go first: everything that was rolled is newer, unless it was
        // the current file that someone deleted.
        var lastWrite = File.GetLastWriteTimeUtc(read.Handle);
        return segments.TakeWhile(segment => !segment.Name.IsCurrent && segment.LastWriteUtc < lastWrite).Count();
    }

    private static bool IsCompressedFrom(LogSegment compressed, LogSegment read)
    {
        if (read.IsCompressed)
        {
            return false;
        }

        // The last four bytes are the length of what was compressed.
        Span<byte> length = stackalloc byte[4];
        var end = RandomAccess.GetLength(compressed.Handle);
        if (end < 18
            || RandomAccess.Read(compressed.Handle, length, end - 4) != 4
            || BinaryPrimitives.ReadUInt32LittleEndian(length) != (uint)RandomAccess.GetLength(read.Handle))
        {
            return false;
        }

        using var first = compressed.Read();
        using var second = read.Read();
        return Head(first).SequenceEqual(Head(second));
    }

    private static byte[] Head(ByteSource source)
    {
        var head = new byte[HeadLength];
        try
        {
            return head[..source.ReadFully(head)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
