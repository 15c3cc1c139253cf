using QueueLog.Reading.Files;

namespace QueueLog.Pool.JobLog;

/// <summary>Reads the items of a job log, one at a time; a run may still write it.</summary>
/// <param name="path">Full path.</param>
internal sealed class JobLogReader(string path)
{
    private const int BlockLength = 256 * 1024;
    private const int LongestLine = 256 * 1024 * 1024;

    /// <summary>Lines that tell of no item: torn ones, and those of other programs.</summary>
    public long BadLines { get; private set; }

    /// <summary>Why the rest of the file cannot be read; null when it was.</summary>
    public Exception? Failure { get; private set; }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public IEnumerable<JobLogItem> Read(CancellationToken cancellation)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var block = new BlockBuffer(new PlainSource(handle), BlockLength);
        var searched = 0;
        var isPassing = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = block.Rest[searched..].IndexOf((byte)'\n');
            if (end < 0)
            {
                isPassing |= block.Rest.Length >= LongestLine;
                block.Start = isPassing ? block.End : block.Start;
                searched = block.Rest.Length;
                if (block.Fill(LongestLine))
                {
                    continue;
                }

                end = 0;
            }

            end += searched;
            var isLast = end == block.Rest.Length;
            var item = isPassing ? null : Parse(block.Rest[..end], out isPassing);
            if (item is null && isPassing)
            {
                BadLines++;
            }

            isPassing = false;
            searched = 0;
            block.Start += isLast ? end : end + 1;
            block.Shrink();
            if (item is not null)
            {
                yield return item;
            }

            if (isLast)
            {
                Failure = block.Failure;
                yield break;
            }
        }
    }

    private static JobLogItem? Parse(ReadOnlySpan<byte> line, out bool isBad)
    {
        // Editors may have put a byte order mark before the first.
        line = line.Trim(" \r\t\uFEFF"u8);
        var item = line.IsEmpty ? null : JobLogLine.Parse(line);
        isBad = item is null && !line.IsEmpty;
        return item;
    }
}
