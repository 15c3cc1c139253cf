using System.Buffers.Binary;
using QueueLog.Client;
using QueueLog.Journal;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>
/// A ring that has gone round, with a record in a file of its own, in which the fields and the lengths of entries are wrong;
/// from the start, or from when it is read on: its writer shares the memory and may have lost its mind.
/// </summary>
internal static class RingInputs
{
    private static readonly int[] Fields =
    [
        RingLayout.MagicAt, RingLayout.CapacityAt, RingLayout.IdAt, RingLayout.PidAt, RingLayout.FlagsAt, RingLayout.StartAt, RingLayout.IdentityAt,
        RingLayout.TailAt, RingLayout.DroppedAt, RingLayout.ClosedAt, RingLayout.AwaitedAt, RingLayout.HeadAt, RingLayout.HeadSequenceAt, RingLayout.DroppedReportedAt,
        RingLayout.AnsweredAt, RingLayout.RefusedAt, RingLayout.ReaderStateAt, RingLayout.RoomWantedAt, RingLayout.WaiterBlockedAt,
    ];

    private static readonly byte[] Long = Record("long".PadRight(1100));
    private static readonly byte[] Valid = Make();
    private static readonly string Ring = Path.Combine(JournalInputs.Folder, "2.ring");

    public static void Write(Random random, ByteWriter output) => output.WriteBytes(Valid);

    // The file keeps its length: one that is cut while it is mapped takes its reader down, which no reader can prevent.
    public static byte[] Mutate(Random random, byte[] bytes, byte[] other)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            if (random.Next(2) == 0)
            {
                var field = bytes.AsSpan(Fields[random.Next(Fields.Length)]);
                BinaryPrimitives.WriteInt64LittleEndian(field, Number(random, BinaryPrimitives.ReadInt64LittleEndian(field)));
            }
            else
            {
                // Where an entry may begin.
                var entry = bytes.AsSpan(RingLayout.HeaderLength + RingLayout.Alignment * random.Next(RingLayout.SmallestCapacity / RingLayout.Alignment));
                BinaryPrimitives.WriteInt32LittleEndian(entry, (int)Number(random, BinaryPrimitives.ReadInt32LittleEndian(entry)));
            }
        }

        return bytes;
    }

    public static void Read(byte[] input)
    {
        Put(input);
        using var reader = RingReader.Open(Ring);
        ReadAll(reader);
    }

    public static void ReadWhileItChanges(byte[] input)
    {
        Put(Valid);
        using var reader = RingReader.Open(Ring);
        Expect(reader.TryRead(out _));
        using (var file = File.OpenHandle(Ring, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            RandomAccess.Write(file, input, fileOffset: 0);
        }

        ReadAll(reader);
    }

    /// <summary>Reads a ring to its end, gives its room back, and touches all that it says of itself.</summary>
    public static void ReadAll(RingReader reader)
    {
        // A ring holds its capacity; what was seen to be there before the writer went mad may come first.
        var most = 2 * Math.Max(RingLayout.SmallestCapacity, new FileInfo(reader.Path).Length);
        var read = 0L;
        try
        {
            while (reader.TryRead(out var record))
            {
                read += record.Length;
                Expect(read <= most);
                RecordCodec.TryRead(ref record, reader.Owner.Client, out _);
            }

            reader.CommitTo(reader.Position, reader.HeadSequence + 1);
        }
        finally
        {
            _ = reader.ConsumeRoomWanted() | reader.IsClosed | reader.HasMore | reader.NeedsAcknowledgement | reader.Acknowledge(isKept: true) | reader.Acknowledge(isKept: false);
            _ = reader.Dropped + reader.DroppedReported;
            reader.MarkIdle(isAsleep: true);
            reader.MarkAwake();
            reader.IsOwnerDead();
        }
    }

    // Whoever reads the long record to its end deletes it.
    private static void Put(byte[] ring)
    {
        File.WriteAllBytes(Ring, ring);
        File.WriteAllBytes(RingFiles.LargeOf(Ring, 1), Long);
    }

    private static long Number(Random random, long present) => random.Next(8) switch
    {
        0 => RingLayout.Skip,
        1 => RingLayout.Large,
        2 => long.MaxValue - random.Next(16),
        3 => long.MinValue + random.Next(16),
        4 => present + RingLayout.Alignment * random.Next(-20, 20),
        5 => random.Next(-16, 5000),
        6 => int.MaxValue - random.Next(16),
        _ => random.NextInt64(),
    };

    private static byte[] Make()
    {
        var owner = new RingOwner(new ClientIdentity(Environment.ProcessId, "Worker-1", null), ProcessStart.Own, EndsUnasked: false);
        using var writer = RingWriter.Create(JournalInputs.Folder, owner, RingLayout.SmallestCapacity);
        using var reader = RingReader.Open(writer.Path);
        Fill(writer);
        while (reader.TryRead(out _))
        {
        }

        reader.Commit(reader.Position, writer.LastSequence);
        Expect(writer.TryAppend(Record("one")) && writer.TryAppend(Long));
        Fill(writer);
        var bytes = JournalInputs.BytesOf(writer);
        RingFiles.Delete(writer.Path);
        return bytes;
    }

    private static void Fill(RingWriter writer)
    {
        for (var number = 0; writer.TryAppend(Record($"filler {number}")); number++)
        {
        }
    }

    private static byte[] Record(string message) =>
        RecordEncoder.Encode(new LogRecord { Timestamp = DateTimeOffset.UnixEpoch, Process = "p", Message = message }, LocalClock.Default).Written.ToArray();

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The ring says what cannot be.");
        }
    }
}
