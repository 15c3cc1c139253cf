using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>The listener's side of a ring. Used by one thread. The file is another process's: nothing in it is believed.</summary>
internal sealed class RingReader : IDisposable
{
    private readonly MappedFile file;
    private readonly int capacity;
    // Long records read and not yet committed: the position behind each, and its number.
    private readonly Queue<(long Behind, long Number)> largeRead = [];
    private byte[]? large;
    private long position;

    // Up to where there are records for certain: the writer moves its tail for every one, and to look at it each time would
    // fetch its cache line each time.
    private long known;

    private RingReader(string path, MappedFile file, int capacity, RingOwner owner)
    {
        Path = path;
        this.file = file;
        this.capacity = capacity;
        Owner = owner;
        Id = file.Int64(RingLayout.IdAt);
        position = Head;
        known = position;
    }

    public string Path { get; }

    public long Id { get; }

    public RingOwner Owner { get; }

    /// <summary>Up to where the records are written.</summary>
    public long Head => file.Int64(RingLayout.HeadAt);

    /// <summary>Number of the last record written.</summary>
    public long HeadSequence => file.Int64(RingLayout.HeadSequenceAt);

    /// <summary>Up to where the records have been read; from here to the head they can still be read again.</summary>
    public long Position => position;

    /// <summary>Up to where the writer has written.</summary>
    public long Tail => Volatile.Read(ref file.Int64(RingLayout.TailAt));

    public bool HasMore => Tail != position;

    /// <summary>Whether the writer has said that nothing will follow.</summary>
    public bool IsClosed => Volatile.Read(ref file.Int32(RingLayout.ClosedAt)) != 0;

    /// <summary>Records the writer left out for want of room, on the user's wish.</summary>
    public long Dropped => Volatile.Read(ref file.Int64(RingLayout.DroppedAt));

    /// <summary>How many of them the log has been told of.</summary>
    public ref long DroppedReported => ref file.Int64(RingLayout.DroppedReportedAt);

    /// <summary>Records the writer could hand over to nobody.</summary>
    public long Lost => Volatile.Read(ref file.Int64(RingLayout.LostAt));

    /// <summary>How many of them the log has been told of.</summary>
    public ref long LostReported => ref file.Int64(RingLayout.LostReportedAt);

    /// <exception cref="JournalException">It cannot be opened.</exception>
    /// <exception cref="ProtocolException">It is no ring.</exception>
    public static RingReader Open(string path)
    {
        var file = MappedFile.Open(path, RingLayout.HeaderLength);
        try
        {
            var capacity = file.Int64(RingLayout.CapacityAt);
            if (file.Int64(RingLayout.MagicAt) != RingLayout.Magic || capacity < RingLayout.SmallestCapacity
                || !BitOperations.IsPow2(capacity) || capacity != file.Length - RingLayout.HeaderLength)
            {
                throw new ProtocolException($"'{path}' is no ring of this version.");
            }

            var reader = new RingReader(path, file, (int)capacity, ReadOwner(file));
            reader.CheckTail();
            return reader;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next record, length prefix included; it is valid until the next call.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="ProtocolException">What lies there is no entry: the ring cannot be read on.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        large = null;
        if (position == known)
        {
            known = CheckTail();
        }

        while (position != known)
        {
            var entry = EntryAt(position, known, out var length);
            position += entry.Length;
            if (length >= 0)
            {
                record = entry[..(RecordCodec.LengthPrefix + length)];
                return true;
            }

            if (length == RingLayout.Large && ReadLarge(BinaryPrimitives.ReadInt64LittleEndian(entry[8..])) is { } bytes)
            {
                record = large = bytes;
                return true;
            }

            // The end of the ring; or a long record whose file is gone: its number is missing, and the log says so.
        }

        return false;
    }

    /// <summary>Goes back to the head: what was read and not committed is read again.</summary>
    public void Rewind()
    {
        position = known = Head;
        largeRead.Clear();
    }

    /// <summary>Everything up to a place is written: gives its room back.</summary>
    /// <param name="upTo">A <see cref="Position"/> from after the last of these records.</param>
    /// <param name="sequence">Number of the last of these records.</param>
    public void Commit(long upTo, long sequence)
    {
        MoveHead(upTo, sequence);
        while (largeRead.TryPeek(out var first) && first.Behind <= upTo)
        {
            RingFiles.TryDelete(RingFiles.LargeOf(Path, first.Number));
            largeRead.Dequeue();
        }
    }

    /// <summary>Moves the head to where a checkpoint says that the records were written up to.</summary>
    /// <exception cref="ProtocolException">There is no such place in the ring.</exception>
    public void CommitTo(long head, long sequence)
    {
        while (position < head)
        {
            if (!TryRead(out _))
            {
                throw new ProtocolException($"The checkpoint names a place behind the end of '{Path}'.");
            }
        }

        Commit(position, sequence);
    }

    /// <summary>Whether the writer waits for room and half of the ring is free; true once for each wait.</summary>
    public bool ConsumeRoomWanted()
    {
        Interlocked.MemoryBarrier();
        ref var wanted = ref file.Int32(RingLayout.RoomWantedAt);
        return Volatile.Read(ref wanted) != 0 && Tail - Head <= capacity / 2 && Interlocked.Exchange(ref wanted, 0) != 0;
    }

    /// <summary>Whether a writer waits for what is written by now, or for more.</summary>
    public bool NeedsAcknowledgement => Volatile.Read(ref file.Int64(RingLayout.AwaitedAt)) > Math.Max(file.Int64(RingLayout.AnsweredAt), file.Int64(RingLayout.RefusedAt));

    /// <summary>Answers those who wait for records that are committed.</summary>
    /// <param name="isKept">Whether the records are where they were promised to be. If not, present waits fail.</param>
    /// <returns>Whether a thread sleeps that is to be woken.</returns>
    public bool Acknowledge(bool isKept)
    {
        if (isKept)
        {
            Volatile.Write(ref file.Int64(RingLayout.AnsweredAt), HeadSequence);
        }
        else
        {
            Volatile.Write(ref file.Int64(RingLayout.RefusedAt), Volatile.Read(ref file.Int64(RingLayout.AwaitedAt)));
        }

        Interlocked.MemoryBarrier();
        ref var blocked = ref file.Int32(RingLayout.WaiterBlockedAt);
        return Volatile.Read(ref blocked) != 0 && Interlocked.Exchange(ref blocked, 0) != 0;
    }

    /// <summary>Wakes the threads that sleep until an answer.</summary>
    /// <returns>False where the system has no way to: a frame must.</returns>
    public unsafe bool TryWakeWaiters()
    {
        if (SharedSleep.IsSupported)
        {
            SharedSleep.Wake(file.AddressOf(RingLayout.WaiterBlockedAt));
        }

        return SharedSleep.IsSupported;
    }

    /// <summary>
    /// Says that the listener looks again in a moment, so that only who waits rings, or that it sleeps. The caller looks once
    /// more before it does.
    /// </summary>
    public void MarkIdle(bool isAsleep) => Interlocked.Exchange(ref file.Int32(RingLayout.ReaderStateAt), isAsleep ? RingLayout.Asleep : RingLayout.Idle);

    public void MarkAwake() => Volatile.Write(ref file.Int32(RingLayout.ReaderStateAt), RingLayout.Awake);

    /// <summary>Whether the writer's process is gone. Its pid alone would not tell: another may have it by now.</summary>
    public bool IsOwnerDead()
    {
        try
        {
            using var taken = OwnerLock.TryAcquire(RingFiles.LockOf(Path));
            return taken is not null && !(Owner.Client.Pid != Environment.ProcessId && ProcessStart.Of(Owner.Client.Pid) == Owner.Started);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => file.Dispose();

    private static RingOwner ReadOwner(MappedFile file)
    {
        var identity = new SpanReader(file.Slice(RingLayout.IdentityAt, RingLayout.IdentityLength));
        var process = Encoding.UTF8.GetString(identity.ReadText());
        var worker = Encoding.UTF8.GetString(identity.ReadText());
        var client = new ClientIdentity(file.Int32(RingLayout.PidAt), process, worker.Length == 0 ? null : worker);
        return new RingOwner(client, file.Int64(RingLayout.StartAt), (file.Int32(RingLayout.FlagsAt) & 1) != 0);
    }

    private void MoveHead(long head, long sequence)
    {
        file.Int64(RingLayout.HeadSequenceAt) = sequence;
        Volatile.Write(ref file.Int64(RingLayout.HeadAt), head);
    }

    private long CheckTail()
    {
        var tail = Tail;
        if (tail < position || tail - Head > capacity || (tail & (RingLayout.Alignment - 1)) != 0 || ((position | Head) & (RingLayout.Alignment - 1)) != 0 || Head < 0 || Head > position)
        {
            throw new ProtocolException($"The positions of '{Path}' contradict each other.");
        }

        return tail;
    }

    /// <summary>The entry at a position, zeros included; for a skip, all that is skipped.</summary>
    // The length is looked at once: a writer gone mad may change it meanwhile.
    private ReadOnlySpan<byte> EntryAt(long at, long tail, out int length)
    {
        var offset = (int)(at & (capacity - 1));
        var toEnd = capacity - offset;
        var there = (int)Math.Min(toEnd, tail - at);
        var bytes = file.Slice(RingLayout.HeaderLength + offset, there);
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var total = length switch
        {
            RingLayout.Skip => toEnd,
            RingLayout.Large => RingLayout.LargeLength,
            >= 0 when length <= there => RingLayout.Align(RecordCodec.LengthPrefix + length),
            _ => int.MaxValue,
        };
        return total <= there ? bytes[..total] : throw new ProtocolException($"An entry of '{Path}' announces {length} bytes, which are not there.");
    }

    private byte[]? ReadLarge(long number)
    {
        try
        {
            var path = RingFiles.LargeOf(Path, number);
            if (new FileInfo(path).Length > ProtocolLimits.MaxRecordLength + RecordCodec.LengthPrefix)
            {
                return null;
            }

            var record = File.ReadAllBytes(path);
            largeRead.Enqueue((position, number));
            return record;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
