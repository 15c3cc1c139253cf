using System.Buffers.Binary;
using System.Numerics;
using QueueLog.Journal;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Fuzz;

public sealed class JournalFuzzTests
{
    private static readonly byte[] GoodCheckpoint = MakeCheckpoint();

    private static readonly int[] Fields =
    [
        RingLayout.MagicAt, RingLayout.CapacityAt, RingLayout.IdAt, RingLayout.PidAt, RingLayout.FlagsAt, RingLayout.StartAt, RingLayout.IdentityAt,
        RingLayout.TailAt, RingLayout.DroppedAt, RingLayout.ClosedAt, RingLayout.HeadAt, RingLayout.HeadSequenceAt, RingLayout.DroppedToldAt,
        RingLayout.RestAt, RingLayout.RoomWantedAt,
    ];

    [Fact]
    public void Checkpoints() => Fuzzer.Run(20_000, random => Fuzzer.Mutate(random, GoodCheckpoint), bytes => Checkpoint.Decode(bytes));

    [Fact]
    public void Checkpoints_whose_check_is_right() =>
        Fuzzer.Run(
            20_000,
            random =>
            {
                var content = Fuzzer.Mutate(random, GoodCheckpoint[8..]);
                var bytes = new byte[8 + content.Length];
                BinaryPrimitives.WriteInt32LittleEndian(bytes, content.Length);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Check(content));
                content.CopyTo(bytes, 8);
                return bytes;
            },
            bytes => Checkpoint.Decode(bytes));

    [Fact]
    public void The_check_of_these_tests_is_that_of_the_checkpoint()
    {
        var bytes = GoodCheckpoint;
        Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)), Check(bytes.AsSpan(8)));
        Assert.NotNull(Checkpoint.Decode(bytes));
    }

    [Fact]
    public void Rings()
    {
        using var folder = new TempFolder();
        var good = GoodRing(folder);
        var path = folder.Combine("1-1.ring");
        Fuzzer.Run(
            5000,
            random => MutateRing(random, good),
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                using var reader = RingReader.Open(path);
                ReadAll(reader);
            });
    }

    [Fact]
    public void Rings_whose_writer_goes_mad_while_they_are_read()
    {
        using var folder = new TempFolder();
        var good = GoodRing(folder);
        var path = folder.Combine("1-1.ring");
        File.WriteAllBytes(path, good);
        Fuzzer.Run(
            5000,
            random => MutateRing(random, good),
            bytes =>
            {
                TestRing.Poke(path, 0, good);
                using var reader = RingReader.Open(path);
                Assert.True(reader.TryRead(out _));
                TestRing.Poke(path, 0, bytes);
                ReadAll(reader);
            });
    }

    private static void ReadAll(RingReader reader)
    {
        var read = 0L;
        try
        {
            while (reader.TryRead(out var record))
            {
                read += record.Length;

                // A ring holds its capacity; what was seen to be there before the writer went mad may come first.
                Assert.InRange(read, 0, 2 * RingLayout.SmallestCapacity);
                RecordCodec.TryRead(ref record, reader.Owner.Client, out _);
            }

            reader.CommitTo(reader.Position, reader.HeadSequence + 1);
        }
        finally
        {
            _ = reader.TakeRoomWanted() | reader.IsClosed | reader.HasMore;
            _ = reader.Dropped + reader.DroppedTold;
            reader.MarkRest(isAsleep: true);
            reader.MarkAwake();
            reader.IsOwnerDead();
        }
    }

    private static byte[] GoodRing(TempFolder folder)
    {
        using var made = new TestRing();
        made.Fill();
        made.Reader.TryRead(out _);
        made.CommitAll();
        made.ReadAll();
        made.CommitAll();
        made.TryAppend("one");
        made.TryAppend("long".PadRight(1100));
        made.Fill();
        using var large = File.Create(RingFiles.LargeOf(folder.Combine("1-1.ring"), 1));
        large.Write(Encoded.Record("long".PadRight(1100)));
        using var file = new FileStream(made.Writer.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    // The file keeps its length: a file that is cut while it is mapped takes its reader down, which no reader can prevent.
    private static byte[] MutateRing(Random random, byte[] good)
    {
        var bytes = good.ToArray();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            if (random.Next(2) == 0)
            {
                var field = Fields[random.Next(Fields.Length)];
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(field), Number(random, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(field))));
            }
            else
            {
                // Where an entry may begin.
                var at = RingLayout.HeaderLength + 8 * random.Next(RingLayout.SmallestCapacity / 8);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), (int)Number(random, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at))));
            }
        }

        return bytes;
    }

    private static long Number(Random random, long present) => random.Next(8) switch
    {
        0 => RingLayout.Skip,
        1 => RingLayout.Large,
        2 => long.MaxValue - random.Next(16),
        3 => long.MinValue + random.Next(16),
        4 => present + 8 * random.Next(-20, 20),
        5 => random.Next(-16, 5000),
        6 => int.MaxValue - random.Next(16),
        _ => random.NextInt64(),
    };

    private static byte[] MakeCheckpoint()
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(folder.Combine("checkpoint"));
        var intent = new BatchIntent();
        intent.Files.Add(new FileGrowth("/logs/größe.log", 1000, 2000));
        intent.Files.Add(new FileGrowth("/logs/b.log", 0, 2));
        intent.Rings.Add(new RingAdvance(123456789, 4096, 77));
        intent.Rings.Add(new RingAdvance(long.MaxValue, 8, 1));
        checkpoint.Write(intent);
        var bytes = File.ReadAllBytes(folder.Combine("checkpoint"));
        return bytes[..(8 + BinaryPrimitives.ReadInt32LittleEndian(bytes))];
    }

    private static uint Check(ReadOnlySpan<byte> content)
    {
        var check = uint.MaxValue;
        foreach (var part in content)
        {
            check = BitOperations.Crc32C(check, part);
        }

        return ~check;
    }
}
