using System.Buffers.Binary;
using System.Numerics;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Checkpoints and whole ring files.</summary>
internal static class JournalInputs
{
    private const int Capacity = 4096;
    private const int CheckpointHeader = 8;

    // One for the whole run: making a folder for each input takes longer than all the rest.
    internal static readonly string Folder = NewFolder();

    // The same in every run; making one takes a hundred times as long as breaking it.
    private static readonly byte[][] Rings = [.. Enumerable.Range(0, 64).Select(seed => MakeRing(new Random(seed)))];

    public static void WriteCheckpoint(Random random, ByteWriter output)
    {
        var intent = new BatchIntent();
        for (var i = random.Next(4); i > 0; i--)
        {
            var before = random.NextInt64();
            intent.Files.Add(new FileGrowth(Sample.Text(random), before, before + random.Next()));
        }

        for (var i = random.Next(20); i > 0; i--)
        {
            intent.Rings.Add(new RingAdvance(random.NextInt64(), random.NextInt64(), random.NextInt64()));
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            intent.Feeds.Add(new FeedAdvance(Sample.Text(random), random.NextInt64()));
        }

        Checkpoint.Encode(intent, output);
    }

    // What is refused is answered by null.
    public static void ReadCheckpoint(byte[] input) => _ = Checkpoint.Decode(input) ?? throw new ProtocolException("It is no checkpoint.");

    /// <summary>A checkpoint without its length and its check, which nearly every change would belie.</summary>
    public static void WriteCheckpointContent(Random random, ByteWriter output)
    {
        var whole = new ByteWriter();
        WriteCheckpoint(random, whole);
        output.WriteBytes(whole.Written[CheckpointHeader..]);
    }

    public static void ReadCheckpointContent(byte[] input)
    {
        var check = uint.MaxValue;
        foreach (var part in input)
        {
            check = BitOperations.Crc32C(check, part);
        }

        var whole = new byte[CheckpointHeader + input.Length];
        BinaryPrimitives.WriteInt32LittleEndian(whole, input.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(4), ~check);
        input.CopyTo(whole, CheckpointHeader);
        ReadCheckpoint(whole);
    }

    public static void WriteRing(Random random, ByteWriter output) => output.WriteBytes(Rings[random.Next(Rings.Length)]);

    public static void ReadRing(byte[] input)
    {
        var path = Path.Combine(Folder, "1.ring");
        File.WriteAllBytes(path, input);
        using var ring = RingReader.Open(path);
        RingInputs.ReadAll(ring);
    }

    /// <summary>The file of a ring that its writer has open.</summary>
    internal static byte[] BytesOf(RingWriter ring)
    {
        using var file = new FileStream(ring.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] MakeRing(Random random)
    {
        var owner = new RingOwner(new ClientIdentity(random.Next(), "writer", null), random.NextInt64(), Sample.Bool(random));
        using var ring = RingWriter.Create(Folder, owner, Capacity);
        var records = new ByteWriter();
        RecordInputs.WriteRecords(random, records);
        for (var rest = records.Written; !rest.IsEmpty;)
        {
            var length = RecordCodec.LengthPrefix + BinaryPrimitives.ReadInt32LittleEndian(rest);

            // A longer one would lie in a file of its own.
            if (length <= Capacity / 4)
            {
                ring.TryAppend(rest[..length]);
            }

            rest = rest[length..];
        }

        var bytes = BytesOf(ring);
        RingFiles.Delete(ring.Path);
        return bytes;
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("queuelog-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
