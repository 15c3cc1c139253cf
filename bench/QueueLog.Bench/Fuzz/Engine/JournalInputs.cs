using System.Buffers.Binary;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Bench.Fuzz.Engine;

/// <summary>Checkpoints and whole ring files.</summary>
internal static class JournalInputs
{
    private const int Capacity = 4096;

    // One for the whole run: making a folder for each input takes longer than all the rest.
    private static readonly string Folder = NewFolder();

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

        Checkpoint.Encode(intent, output);
    }

    public static void ReadCheckpoint(byte[] input) => _ = Checkpoint.Decode(input)?.Rings.Count;

    public static void WriteRing(Random random, ByteWriter output)
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

        output.WriteBytes(File.ReadAllBytes(ring.Path));
        RingFiles.Delete(ring.Path);
    }

    public static void ReadRing(byte[] input)
    {
        var path = Path.Combine(Folder, "1.ring");
        File.WriteAllBytes(path, input);
        using var ring = Open(path);
        while (ring.TryRead(out var bytes))
        {
            _ = RecordCodec.TryRead(ref bytes, ring.Owner.Client, out _);
        }
    }

    // A file that cannot be a ring is refused in another way than one that is none.
    private static RingReader Open(string path)
    {
        try
        {
            return RingReader.Open(path);
        }
        catch (JournalException e)
        {
            throw new ProtocolException(e.Message);
        }
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("queuelog-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
