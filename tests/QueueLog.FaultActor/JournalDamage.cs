using System.Buffers.Binary;
using System.Globalization;
using QueueLog.Journal;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.FaultActor;

/// <summary>Does to the files of a journal what a faulty writer or listener would.</summary>
internal static class JournalDamage
{
    private static readonly Lazy<MappedFile> OwnRing = new(() =>
        MappedFile.Open(Find(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-*{RingFiles.RingExtension}")), RingLayout.HeaderLength));

    public static void ClearCheckpoint()
    {
        using var file = File.OpenHandle(Find("checkpoint"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, new byte[8], 0);
    }

    /// <summary>Writes the beginning of what the checkpoint names.</summary>
    public static void WriteInPart()
    {
        foreach (var growth in Checkpoint.Decode(ReadAll(Find("checkpoint")))!.Files)
        {
            using var file = File.OpenHandle(growth.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file, "Information 1 2 Fau"u8, growth.Before);
        }
    }

    public static long ReadTail() => OwnRing.Value.Int64(RingLayout.TailAt);

    public static void WriteTail(long tail) => Volatile.Write(ref OwnRing.Value.Int64(RingLayout.TailAt), tail);

    /// <summary>Unmakes the copy of the record that stands behind the tail, wholly or in part, and moves the tail behind it.</summary>
    /// <returns>False when there is none in this place: it lies behind the turn of the ring, or in a file of its own.</returns>
    public static bool TryCommitEarly(bool whole)
    {
        var ring = OwnRing.Value;
        var tail = ReadTail();
        var offset = RingLayout.HeaderLength + (int)(tail & (ring.Int64(RingLayout.CapacityAt) - 1));
        var length = BinaryPrimitives.ReadInt32LittleEndian(ring.Slice(offset, RecordCodec.LengthPrefix));
        if (length <= 0)
        {
            return false;
        }

        var record = ring.Slice(offset + RecordCodec.LengthPrefix, length);
        var torn = whole ? record : record[(record.LastIndexOf((byte)'[') + 5)..][..10];
        torn.Clear();
        WriteTail(tail + RingLayout.Align(RecordCodec.LengthPrefix + length));
        return true;
    }

    private static byte[] ReadAll(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[RandomAccess.GetLength(file)];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    private static string Find(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(StateFolder.Default, "journal"), pattern, SearchOption.AllDirectories).First();
}
