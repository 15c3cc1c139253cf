using System.Buffers.Binary;
using System.Globalization;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>The writer's side of a ring. Not thread-safe: the client's lock is around every call.</summary>
internal sealed class RingWriter : IDisposable
{
    /// <summary>Default bytes of a ring: some ten thousand records.</summary>
    public const int DefaultCapacity = 1024 * 1024;

    private readonly MappedFile file;
    private readonly FileStream owner;
    private readonly int capacity;
    private readonly int longest;

    // The listener moves the head; this copy saves looking at its cache line for every record.
    private long knownHead;
    private long tail;
    private long largeFiles;

    private RingWriter(string path, MappedFile file, FileStream owner, int capacity)
    {
        Path = path;
        this.file = file;
        this.owner = owner;
        this.capacity = capacity;
        longest = capacity / 4;
    }

    public string Path { get; }

    /// <summary>Number of the last record written.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Number of the last record the listener has written.</summary>
    public long WrittenSequence => Volatile.Read(ref file.Int64(RingLayout.HeadSequenceAt));

    /// <summary>Whether the listener has written everything.</summary>
    public bool IsDrained => Volatile.Read(ref file.Int64(RingLayout.HeadAt)) == tail;

    /// <summary>Records left out on the user's wish while there was no room.</summary>
    public long Dropped => file.Int64(RingLayout.DroppedAt);

    /// <summary>Records that found no way into the ring, and of which the log has not been told.</summary>
    public long LostUnreported => file.Int64(RingLayout.LostAt) - Volatile.Read(ref file.Int64(RingLayout.LostReportedAt));

    /// <summary>Records left out of which the log has not been told.</summary>
    public long DroppedUnreported => Dropped - Volatile.Read(ref file.Int64(RingLayout.DroppedReportedAt));

    /// <summary>Whether the log has been told of all that is not in it.</summary>
    public bool IsTold => LostUnreported == 0 && DroppedUnreported == 0;

    /// <summary>Makes a ring in a folder that exists.</summary>
    /// <param name="folder">The log's journal folder.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="capacity">Bytes for records; a power of two, at least 4096.</param>
    /// <param name="lastSequence">Number of the record before the first.</param>
    /// <param name="writtenSequence">Number of the last record before the first that was written: those between were lost. Default: none was.</param>
    /// <exception cref="JournalException">There is no room for it, or no permission.</exception>
    public static RingWriter Create(string folder, RingOwner identity, int capacity, long lastSequence = 0, long? writtenSequence = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, RingLayout.SmallestCapacity);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity & (capacity - 1), 0);
        // Not from the cryptographic generator, which takes long to load in a process that has just started.
        var id = BinaryPrimitives.ReadInt64LittleEndian(Guid.NewGuid().ToByteArray()) & long.MaxValue;
        var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{identity.Client.Pid}-{id:x16}{RingFiles.RingExtension}"));
        FileStream? owner = null;
        MappedFile? file = null;
        try
        {
            // Locked before it can be seen, so that it never looks like a dead one's; whole before it can be opened.
            owner = OwnerLock.TryAcquire(RingFiles.LockOf(path)) ?? throw new JournalException($"'{path}' is another's.");
            file = MappedFile.Create(RingFiles.UnfinishedOf(path), RingLayout.HeaderLength + capacity);
            WriteHeader(file, id, identity, capacity, writtenSequence ?? lastSequence);
            BusyFile.Retry(() => File.Move(RingFiles.UnfinishedOf(path), path));
            return new RingWriter(path, file, owner, capacity) { LastSequence = lastSequence };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            owner?.Dispose();
            RingFiles.TryDelete(RingFiles.UnfinishedOf(path));
            RingFiles.TryDelete(RingFiles.LockOf(path));
            throw e as JournalException ?? new JournalException($"'{path}' cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Numbers a record and takes it, whatever happens to this process from then on.</summary>
    /// <param name="record">A whole record, length prefix included.</param>
    /// <returns>False while there is no room.</returns>
    /// <exception cref="JournalException">It is long enough for a file of its own, and there is no room for that.</exception>
    public bool TryAppend(ReadOnlySpan<byte> record)
    {
        if (record.Length > longest)
        {
            return TryAppendLarge(record);
        }

        var entry = Reserve(RingLayout.Align(record.Length));
        if (entry.IsEmpty)
        {
            return false;
        }

        record.CopyTo(entry);
        RecordCodec.SetSequence(entry, LastSequence + 1);
        Commit(entry.Length);
        return true;
    }

    /// <summary>Whether the listener is to be rung: it sleeps, or is idle and somebody waits. True once for each time.</summary>
    public bool ClaimDoorbell(bool isAwaited)
    {
        // The tail must be seen before the mark is read: the listener sets the mark and then looks at the tail.
        Interlocked.MemoryBarrier();
        ref var state = ref file.Int32(RingLayout.ReaderStateAt);
        var least = isAwaited ? RingLayout.Idle : RingLayout.Asleep;
        return Volatile.Read(ref state) >= least && Interlocked.Exchange(ref state, RingLayout.Awake) >= least;
    }

    /// <summary>Asks to be told when everything written so far is where it was promised to be.</summary>
    public void RequestAcknowledgement() => Volatile.Write(ref file.Int64(RingLayout.AwaitedAt), LastSequence);

    /// <summary>The listener's answer for a record: true, false, or null while there is none.</summary>
    public bool? AcknowledgementOf(long sequence) =>
        Volatile.Read(ref file.Int64(RingLayout.AnsweredAt)) >= sequence ? true
        : Volatile.Read(ref file.Int64(RingLayout.RefusedAt)) >= sequence ? false
        : null;

    /// <summary>A thread is about to sleep until the next answer: the listener is to wake it.</summary>
    public void BlockWaiter() => Interlocked.Exchange(ref file.Int32(RingLayout.WaiterBlockedAt), RingLayout.Blocked);

    /// <summary>Where a thread sleeps that has said so by <see cref="BlockWaiter"/>.</summary>
    public unsafe int* WaiterBlocked => file.AddressOf(RingLayout.WaiterBlockedAt);

    /// <summary>Asks the listener to say when half of the ring is free.</summary>
    public void WantRoom() => Interlocked.Exchange(ref file.Int32(RingLayout.RoomWantedAt), 1);

    /// <summary>Counts records that were left out.</summary>
    public void CountDropped(long count) => Volatile.Write(ref file.Int64(RingLayout.DroppedAt), Dropped + count);

    /// <summary>Counts records that nobody took in time.</summary>
    public void CountLost(long count) => Volatile.Write(ref file.Int64(RingLayout.LostAt), file.Int64(RingLayout.LostAt) + count);

    /// <summary>Says that nothing will follow: the writer's goodbye, which needs no connection.</summary>
    public void Close() => Volatile.Write(ref file.Int32(RingLayout.ClosedAt), 1);

    public void Dispose()
    {
        file.Dispose();
        owner.Dispose();
    }

    private static void WriteHeader(MappedFile file, long id, RingOwner identity, int capacity, long writtenSequence)
    {
        var text = new ByteWriter(256);
        text.WriteText(identity.Client.Process);
        text.WriteText(identity.Client.WorkerUtf8.AsSpan());
        text.Written.CopyTo(file.Slice(RingLayout.IdentityAt, RingLayout.IdentityLength));
        file.Int64(RingLayout.CapacityAt) = capacity;
        file.Int64(RingLayout.IdAt) = id;
        file.Int32(RingLayout.PidAt) = identity.Client.Pid;
        file.Int32(RingLayout.FlagsAt) = identity.EndsUnasked ? 1 : 0;
        file.Int64(RingLayout.StartAt) = identity.Started;
        file.Int64(RingLayout.HeadSequenceAt) = writtenSequence;
        file.Int64(RingLayout.AnsweredAt) = writtenSequence;
        Volatile.Write(ref file.Int64(RingLayout.MagicAt), RingLayout.Magic);
    }

    private bool TryAppendLarge(ReadOnlySpan<byte> record)
    {
        var entry = Reserve(RingLayout.LargeLength);
        if (entry.IsEmpty)
        {
            return false;
        }

        var number = largeFiles + 1;
        var path = RingFiles.LargeOf(Path, number);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var large = new FileStream(path, options);
            Span<byte> head = stackalloc byte[RecordCodec.LengthPrefix + 8];
            record[..head.Length].CopyTo(head);
            RecordCodec.SetSequence(head, LastSequence + 1);
            large.Write(head);
            large.Write(record[head.Length..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RingFiles.TryDelete(path);

            // What was skipped for it is not: nobody has been told.
            tail = file.Int64(RingLayout.TailAt);
            throw new JournalException($"A record of {record.Length} bytes cannot be kept in '{path}': {e.Message}", e);
        }

        largeFiles = number;
        BinaryPrimitives.WriteInt64LittleEndian(entry, unchecked((uint)RingLayout.Large));
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], number);
        Commit(entry.Length);
        return true;
    }

    /// <summary>Room for an entry, at the tail; empty when there is none.</summary>
    private Span<byte> Reserve(int length)
    {
        var offset = (int)(tail & (capacity - 1));
        var toEnd = capacity - offset;
        var needed = length <= toEnd ? length : toEnd + length;
        if (tail + needed - knownHead > capacity)
        {
            knownHead = Volatile.Read(ref file.Int64(RingLayout.HeadAt));
            if (tail + needed - knownHead > capacity)
            {
                return default;
            }
        }

        if (length > toEnd)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.Slice(RingLayout.HeaderLength + offset, 4), RingLayout.Skip);
            tail += toEnd;
            offset = 0;
        }

        return file.Slice(RingLayout.HeaderLength + offset, length);
    }

    private void Commit(int length)
    {
        FaultPoint.Reach(JournalFault.RecordCopied);
        LastSequence++;
        tail += length;

        // Released after the copy: whoever sees the new tail sees the record whole.
        Volatile.Write(ref file.Int64(RingLayout.TailAt), tail);
        FaultPoint.Reach(JournalFault.RecordCommitted);
    }
}
