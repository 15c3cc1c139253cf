using System.Text;

namespace QueueLog.Pool.Processes;

/// <summary>Reads a process's output line by line. What has no line breaks comes in pieces, so that it cannot fill this process's memory.</summary>
/// <param name="stream">The output.</param>
/// <param name="encoding">Its encoding; bytes that are none of it become replacement characters.</param>
/// <param name="longest">Characters of a piece.</param>
internal sealed class BoundedLineReader(Stream stream, Encoding encoding, int longest = BoundedLineReader.LongestLine) : IDisposable
{
    /// <summary>Characters of the longest line that comes in one piece.</summary>
    public const int LongestLine = 1024 * 1024;

    // A byte order mark is no reason to read the rest as something else: programs write raw bytes, too.
    private readonly StreamReader reader = new(stream, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 4096);
    private readonly char[] buffer = new char[4096];
    private readonly StringBuilder pending = new();
    private int position;
    private int length;
    private bool skipsLineFeed;
    private bool isCut;

    /// <returns>The next line, or piece of one; null at the end.</returns>
    public async ValueTask<string?> ReadAsync()
    {
        while (true)
        {
            if (position == length)
            {
                position = 0;
                length = await reader.ReadAsync(buffer.AsMemory()).ConfigureAwait(false);
                if (length == 0)
                {
                    return pending.Length > 0 ? ReadPending() : null;
                }
            }

            if (skipsLineFeed)
            {
                skipsLineFeed = false;
                if (buffer[position] == '\n')
                {
                    position++;
                    continue;
                }
            }

            var rest = buffer.AsSpan(position, length - position);
            var end = rest.IndexOfAny('\r', '\n');
            var count = Math.Min(end < 0 ? rest.Length : end, longest - pending.Length);
            pending.Append(rest[..count]);
            position += count;
            if (count == end)
            {
                skipsLineFeed = rest[end] == '\r';
                position++;
                var wasCut = isCut;
                isCut = false;
                if (wasCut && pending.Length == 0)
                {
                    // The line ended with its last piece.
                    continue;
                }

                return ReadPending();
            }

            if (pending.Length == longest)
            {
                isCut = true;
                return ReadPiece();
            }
        }
    }

    public void Dispose() => reader.Dispose();

    private string ReadPiece()
    {
        var last = pending[^1];
        if (!char.IsHighSurrogate(last))
        {
            return ReadPending();
        }

        // Its other half comes with the next piece.
        pending.Length--;
        var piece = ReadPending();
        pending.Append(last);
        return piece;
    }

    private string ReadPending()
    {
        var line = pending.ToString();
        pending.Clear();
        if (pending.Capacity > 64 * 1024)
        {
            pending.Capacity = 4096;
        }

        return line;
    }
}
