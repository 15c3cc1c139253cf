using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using QueueLog.Diagnostics;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Sinks.Spool;

/// <summary>
/// The folder in which a machine keeps records until the queue has them: segments that only grow, have their names for good and are
/// deleted whole. One listener writes it, one forwarder reads it, both in this process.
/// </summary>
// Folder = "id" (who it is among all spools), "sent" (position:i64, up to which the queue has it) and segments "<number>.spool".
// A segment holds records as RecordCodec reads them, each with process and pid, one after the other.
internal sealed class RecordSpool : IDisposable
{
    /// <summary>From this length on a new segment is begun.</summary>
    public const long SegmentLength = 64 * 1024 * 1024;

    /// <summary>Bytes that wait for the queue at most; then writers wait.</summary>
    public const long DefaultCapacity = 1024L * 1024 * 1024;

    private const string IdFile = "id";
    private const string SentFile = "sent";
    private const string Extension = ".spool";

    private readonly object gate = new();
    private readonly ChangeSignal changed;
    private readonly SortedDictionary<long, long> lengths = [];
    private SafeFileHandle? sentFile;
    private SpoolPosition sent;

    /// <param name="folder">Where; it is made where it is missing.</param>
    /// <exception cref="UnauthorizedAccessException">The folder can be entered by others.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public RecordSpool(string folder)
    {
        Folder = StateFolder.Ensure(Path.GetFullPath(folder));
        changed = new ChangeSignal(gate);
    }

    /// <summary>Its full path.</summary>
    public string Folder { get; }

    /// <summary>What no other spool is called, also not one that had this folder before: positions in it mean nothing elsewhere.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The machine, as the log calls it: a process <c>Worker-3</c> is <c>Worker-3@web2</c> there.</summary>
    public required string Host { get; init; }

    /// <summary>Bytes that wait for the queue at most. Default: <see cref="DefaultCapacity"/>.</summary>
    public long Capacity { get; init; } = DefaultCapacity;

    /// <summary>A file that is there as long as the spool is: who has its lock writes the spool.</summary>
    public string IdPath => Path.Combine(Folder, IdFile);

    /// <summary>Up to where it is written; a death changes nothing before this place.</summary>
    public SpoolPosition Written
    {
        get
        {
            lock (gate)
            {
                return WrittenCore;
            }
        }
    }

    /// <summary>Up to where the queue has it.</summary>
    public SpoolPosition Sent
    {
        get
        {
            lock (gate)
            {
                return sent;
            }
        }
    }

    /// <summary>Bytes that wait for the queue.</summary>
    public long Waiting
    {
        get
        {
            lock (gate)
            {
                return lengths.Sum(segment => segment.Key < sent.Segment ? 0 : segment.Key == sent.Segment ? segment.Value - sent.Offset : segment.Value);
            }
        }
    }

    private SpoolPosition WrittenCore => lengths.Count == 0 ? sent : new SpoolPosition(lengths.Keys.Last(), lengths.Values.Last());

    /// <summary>Finds what is there. Whoever calls it has the right to write the spool, and has settled what a dead listener had begun.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Load()
    {
        if (!File.Exists(IdPath))
        {
            BusyFile.Replace(IdPath, Guid.NewGuid().ToString("N"));
        }

        Id = BusyFile.Read(IdPath);
        sentFile = File.OpenHandle(Path.Combine(Folder, SentFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        sent = new SpoolPosition(RandomAccess.Read(sentFile, bytes, 0) == bytes.Length ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0);
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var segment))
            {
                lengths.Add(segment, new FileInfo(path).Length);
            }
        }

        if (lengths.Count > 0)
        {
            CutTorn(lengths.Keys.Last());
        }
    }

    /// <summary>Path of a segment.</summary>
    public string PathOf(long segment) => Path.Combine(Folder, segment.ToString("D8", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segment that is written at present, or the first.</summary>
    public SpoolPosition End()
    {
        lock (gate)
        {
            return lengths.Count == 0 ? new SpoolPosition(1, 0) : WrittenCore;
        }
    }

    /// <summary>A segment is as long as this now, and will not become shorter.</summary>
    public void Grow(SpoolPosition end)
    {
        lock (gate)
        {
            lengths[end.Segment] = end.Offset;
        }

        changed.Set();
    }

    /// <summary>Completes when something is written behind this place.</summary>
    public Task WaitBeyondAsync(SpoolPosition position, CancellationToken cancellation) => changed.WaitAsync(() => Next(position) is not null, cancellation);

    /// <summary>Completes when the queue has everything.</summary>
    public Task WaitForSentAsync(CancellationToken cancellation) => changed.WaitAsync(() => Next(sent) is null, cancellation);

    /// <summary>The place of the first byte that is not before a position: in its segment, or at the start of one behind it.</summary>
    /// <returns>Where it is and how much of its segment there is; null when nothing is behind it.</returns>
    public (SpoolPosition Start, long Length)? NextOf(SpoolPosition position)
    {
        lock (gate)
        {
            return Next(position);
        }
    }

    /// <summary>The queue has everything before this place: whole segments before it are deleted.</summary>
    /// <exception cref="IOException">That cannot be noted down; it would be sent again after a death, and dropped where it arrives.</exception>
    public void MarkSent(SpoolPosition position)
    {
        long[] done;
        lock (gate)
        {
            sent = position;
            var last = lengths.Count == 0 ? 0 : lengths.Keys.Last();

            // The last one stays, so that its number is never used again.
            done = [.. lengths.Keys.Where(segment => segment < position.Segment && segment < last)];
            foreach (var segment in done)
            {
                lengths.Remove(segment);
            }
        }

        changed.Set();
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position.Value);
        RandomAccess.Write(sentFile!, bytes, 0);
        foreach (var segment in done)
        {
            BusyFile.Retry(() => File.Delete(PathOf(segment)));
        }
    }

    public void Dispose() => sentFile?.Dispose();

    /// <summary>Removes it with all that is in it.</summary>
    public void Delete()
    {
        Dispose();
        BusyFile.Retry(() => Directory.Delete(Folder, recursive: true));
    }

    private (SpoolPosition Start, long Length)? Next(SpoolPosition position)
    {
        foreach (var (segment, length) in lengths)
        {
            if (segment == position.Segment && length > position.Offset)
            {
                return (position, length);
            }

            if (segment > position.Segment && length > 0)
            {
                return (new SpoolPosition(segment, 0), length);
            }
        }

        return null;
    }

    // Only a machine that lost its power leaves this.
    private void CutTorn(long segment)
    {
        using var handle = File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = lengths[segment];
        var whole = WholeLength(handle, length);
        if (whole < length)
        {
            RandomAccess.SetLength(handle, whole);
            lengths[segment] = whole;
        }
    }

    private static long WholeLength(SafeFileHandle handle, long length)
    {
        Span<byte> prefix = stackalloc byte[RecordCodec.LengthPrefix];
        for (long position = 0; ;)
        {
            if (RandomAccess.Read(handle, prefix, position) < prefix.Length)
            {
                return position;
            }

            var record = RecordCodec.TotalLength(prefix);
            if (record == 0 || position + record > length)
            {
                return position;
            }

            position += record;
        }
    }
}
