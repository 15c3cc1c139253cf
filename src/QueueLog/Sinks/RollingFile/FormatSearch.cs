using System.Buffers;
using QueueLog.Formatting;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Looks for the lines of a file that tell its format: at its beginning, and from its end backwards for the last one.</summary>
internal readonly struct FormatSearch(LogFile file)
{
    // Longer than any header but that of a monstrous template, which is then taken for an entry.
    private const int LongestHeader = 16 * 1024;
    private const int BlockLength = 256 * 1024;

    private static readonly byte[] MarkedLine = [(byte)'\n', .. FormatLines.Mark];

    /// <summary>Whether there is nothing in the file but such lines.</summary>
    public bool HoldsNoEntry()
    {
        if (file.Length > LongestHeader)
        {
            return false;
        }

        var start = ArrayPool<byte>.Shared.Rent(LongestHeader);
        var length = file.Read(start, 0);
        var holdsNone = length == file.Length && FormatLines.AreAllOf(start.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(start);
        return holdsNone;
    }

    /// <summary>Whether entries of a format can follow at the end of the file without another word.</summary>
    public bool Follow(FormatLines lines)
    {
        var mark = FindLastMark();
        var expected = lines.Change;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(expected.Length, FormatLines.Columns.Length + 1));
        var found = buffer.AsSpan(0, file.Read(buffer, Math.Max(mark, 0)));
        var follow = mark < 0 ? lines.FollowUnmarked(found) : found.StartsWith(expected);
        ArrayPool<byte>.Shared.Return(buffer);
        return follow;
    }

    /// <returns>Where the last line with a mark begins; -1 when there is none.</returns>
    private long FindLastMark()
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockLength);
        try
        {
            // Blocks overlap by a mark, since it may lie across their border.
            var end = file.Length;
            while (true)
            {
                var start = Math.Max(0, end - BlockLength);
                var bytes = block.AsSpan(0, file.Read(block.AsSpan(0, (int)(end - start)), start));
                if (bytes.LastIndexOf(MarkedLine) is var at and >= 0)
                {
                    return start + at + 1;
                }

                if (start == 0)
                {
                    return bytes.StartsWith(FormatLines.Mark) ? 0 : -1;
                }

                end = start + MarkedLine.Length - 1;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
