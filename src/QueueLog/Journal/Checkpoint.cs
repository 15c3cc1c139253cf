using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>The file in which a listener says what it is about to write: valid from before the first byte until the last head has moved.</summary>
// checkpoint = length:i32 check:u32 content      length 0: no batch is under way; check is the CRC-32C of the content
// content    = files:varint (path:text before:i64 after:i64)* rings:varint (id:i64 head:i64 sequence:i64)*
//              feeds:varint (key:text position:i64)*
internal sealed class Checkpoint : IDisposable
{
    private const int HeaderLength = 8;

    // Room for the usual number of rings, taken beforehand: a full state folder must not stop a log.
    private const int InitialLength = 64 * 1024;

    private readonly SafeFileHandle file;
    private readonly ByteWriter buffer = new(4096);
    private bool standing;

    private Checkpoint(SafeFileHandle file) => this.file = file;

    /// <summary>Opens the checkpoint of a journal, or makes it.</summary>
    /// <exception cref="JournalException">It cannot be made.</exception>
    public static Checkpoint Open(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                MappedFile.Create(path, InitialLength).Dispose();
            }

            return new Checkpoint(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)) { standing = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e as JournalException ?? new JournalException($"'{path}' cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Says what comes next.</summary>
    /// <exception cref="IOException">There is no room to say it.</exception>
    public void Write(BatchIntent intent)
    {
        buffer.Clear();
        Encode(intent, buffer);
        standing = true;
        RandomAccess.Write(file, buffer.Written, 0);
    }

    /// <summary>The batch is done.</summary>
    public void Clear()
    {
        if (standing)
        {
            RandomAccess.Write(file, stackalloc byte[HeaderLength], 0);
            standing = false;
        }
    }

    /// <summary>The batch that a dead listener had begun; null when there was none, or the checkpoint was not complete.</summary>
    public BatchIntent? Read()
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var count = RandomAccess.Read(file, bytes, 0);
        return Decode(bytes.AsSpan(0, count));
    }

    public void Dispose() => file.Dispose();

    public static void Encode(BatchIntent intent, ByteWriter output)
    {
        output.WriteInt64(0);
        output.WriteVarInt(intent.Files.Count);
        foreach (var growth in intent.Files)
        {
            output.WriteText(growth.Path);
            output.WriteInt64(growth.Before);
            output.WriteInt64(growth.After);
        }

        output.WriteVarInt(intent.Rings.Count);
        foreach (var ring in intent.Rings)
        {
            output.WriteInt64(ring.Id);
            output.WriteInt64(ring.Head);
            output.WriteInt64(ring.Sequence);
        }

        output.WriteVarInt(intent.Feeds.Count);
        foreach (var feed in intent.Feeds)
        {
            output.WriteText(feed.Key);
            output.WriteInt64(feed.Position);
        }

        output.PatchInt32(0, output.Length - HeaderLength);
        output.PatchInt32(4, (int)Check(output.Written[HeaderLength..]));
    }

    /// <summary>Takes the bytes of a checkpoint apart; whatever they are, there is an answer.</summary>
    public static BatchIntent? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length <= 0 || length > bytes.Length - HeaderLength)
        {
            return null;
        }

        var content = bytes.Slice(HeaderLength, length);
        if (Check(content) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            return null;
        }

        try
        {
            return ReadContent(content);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private static BatchIntent ReadContent(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        var intent = new BatchIntent();
        for (var i = reader.ReadVarInt(); i > 0; i--)
        {
            intent.Files.Add(new FileGrowth(Encoding.UTF8.GetString(reader.ReadText()), reader.ReadInt64(), reader.ReadInt64()));
        }

        for (var i = reader.ReadVarInt(); i > 0; i--)
        {
            intent.Rings.Add(new RingAdvance(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
        }

        // A listener of an earlier version knew no feeds.
        for (var i = reader.Rest.IsEmpty ? 0 : reader.ReadVarInt(); i > 0; i--)
        {
            intent.Feeds.Add(new FeedAdvance(Encoding.UTF8.GetString(reader.ReadText()), reader.ReadInt64()));
        }

        return intent;
    }

    private static uint Check(ReadOnlySpan<byte> content)
    {
        var check = uint.MaxValue;
        for (; content.Length >= 8; content = content[8..])
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(content));
        }

        foreach (var rest in content)
        {
            check = BitOperations.Crc32C(check, rest);
        }

        return ~check;
    }
}
