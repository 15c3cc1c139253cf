using System.Globalization;
using System.Text;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Processes;

/// <summary>
/// Memory that a pool shares with one of its workers: the start of the last records the process has handed over. A process that is killed says nothing any more; this is what it said last.
/// </summary>
internal sealed class LastRecords : IDisposable
{
    /// <summary>Records kept of each worker.</summary>
    public const int Kept = 10;

    private const int LongestLine = 200;

    // One slot more than is told, so that a death in mid-copy costs no line.
    private const int Slots = Kept + 1;

    // slot = number:i64 length:i32 unused:i32 record      number 0: empty, or being written
    // The level, the longest line in UTF-8 and what stands before them fit in with room to spare.
    private const int SlotLength = 1024;
    private const int HeaderLength = 16;
    private const int Length = Slots * SlotLength;

    private readonly object gate = new();
    private readonly MappedFile file;
    private readonly string? ownPath;
    private long count;
    private bool isDisposed;

    private LastRecords(MappedFile file, string? ownPath)
    {
        this.file = file;
        this.ownPath = ownPath;
    }

    /// <summary>The file beside a pool's address.</summary>
    public static string PathFor(string address, int worker)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(address)}.records-{worker}");
        return Path.Combine(OperatingSystem.IsWindows() ? StateFolder.Default : Path.GetDirectoryName(address)!, file);
    }

    /// <exception cref="JournalException">There is no room for it.</exception>
    public static LastRecords Create(string address, int worker) => new(MappedFile.Create(PathFor(address, worker), Length), PathFor(address, worker));

    /// <exception cref="JournalException">It is gone.</exception>
    public static LastRecords Open(string address, int worker) => new(MappedFile.Open(PathFor(address, worker), Length), ownPath: null);

    /// <summary>Removes what a pool that was killed has left.</summary>
    public static void DeleteAll(string address)
    {
        var first = PathFor(address, 0);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(first)!, Path.GetFileName(first)[..^1] + "*"))
        {
            File.Delete(file);
        }
    }

    /// <summary>Forgets the records of a process, before another takes its place.</summary>
    public void Clear()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            Volatile.Write(ref file.Int64(slot * SlotLength), 0);
        }
    }

    /// <summary>Keeps the start of a record. Called by all threads of the worker.</summary>
    public void Note(ReadOnlySpan<byte> record)
    {
        var length = Math.Min(record.Length, SlotLength - HeaderLength);
        lock (gate)
        {
            var offset = (int)(count % Slots) * SlotLength;
            ref var number = ref file.Int64(offset);
            Volatile.Write(ref number, 0);
            file.Int32(offset + 8) = length;
            record[..length].CopyTo(file.Slice(offset + HeaderLength, length));
            Volatile.Write(ref number, ++count);
        }
    }

    /// <summary>The last records of a process as lines of level and message, oldest first.</summary>
    public string[] Read()
    {
        var found = new List<(long Number, string Line)>(Slots);
        for (var slot = 0; slot < Slots; slot++)
        {
            var offset = slot * SlotLength;
            var number = Volatile.Read(ref file.Int64(offset));
            var length = Math.Clamp(file.Int32(offset + 8), 0, SlotLength - HeaderLength);
            var line = number > 0 ? ToLine(file.Slice(offset + HeaderLength, length)) : null;

            // The process is dead; a thread of one that is not quite may have written over what was just read.
            if (line is not null && Volatile.Read(ref file.Int64(offset)) == number)
            {
                found.Add((number, line));
            }
        }

        return [.. found.OrderBy(entry => entry.Number).TakeLast(Kept).Select(entry => entry.Line)];
    }

    /// <summary>Lets go of the memory; the pool's side removes the file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            file.Dispose();
        }

        if (ownPath is not null)
        {
            RemoveOwn(ownPath);
        }
    }

    // A worker that was killed may be a moment from letting go of it. What stays is removed when the next pool opens.
    private static void RemoveOwn(string path)
    {
        try
        {
            BusyFile.Retry(() => File.Delete(path));
        }
        catch (Exception e) when (BusyFile.IsBusy(e))
        {
        }
    }

    private static string? ToLine(ReadOnlySpan<byte> start)
    {
        if (!RecordCodec.TryReadStart(start, out var level, out var message))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(message);
        var line = new StringBuilder(LevelNames.Get(level, null), LongestLine + 32).Append(' ');
        var longest = line.Length + LongestLine;
        foreach (var c in text)
        {
            if (line.Length == longest)
            {
                line.Append('…');
                break;
            }

            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString();
    }
}
