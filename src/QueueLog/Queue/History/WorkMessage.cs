using System.Buffers.Binary;
using System.Security.Cryptography;
using QueueLog.Wire;

namespace QueueLog.Queue.History;

/// <summary>What a host gets of a chunk.</summary>
/// <param name="Submitter">The life of the submitter that published it.</param>
/// <param name="Offer">Sequence of the chunk's offer: what a claim must follow.</param>
/// <param name="Items">The items; none where they are in a blob.</param>
/// <param name="Blob">Name of the blob that has the items; empty for none.</param>
// work  = version:u8 submitter:text offer:i64 blob:text items
// items = count:varint (index:i64 attempt:varint value:bytes){count}
internal sealed record WorkMessage(string Submitter, long Offer, ChunkItem[] Items, string Blob = "")
{
    private const byte Version = 1;

    public byte[] Encode()
    {
        var output = new ByteWriter(256);
        output.WriteByte(Version);
        output.WriteText(Submitter);
        output.WriteInt64(Offer);
        output.WriteText(Blob);
        output.WriteBytes(EncodeItems(Blob.Length > 0 ? [] : Items));
        return output.Detach();
    }

    /// <exception cref="ProtocolException">It is none, or one of another version.</exception>
    public static WorkMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new SpanReader(message);
        if (reader.ReadByte() is var version and not Version)
        {
            throw new ProtocolException($"A chunk is of version {version}; this module knows version {Version}.");
        }

        var submitter = WorkCodec.ReadString(ref reader);
        var offer = reader.ReadInt64();
        var blob = WorkCodec.ReadString(ref reader);
        return new WorkMessage(submitter, offer, DecodeItems(reader.Rest), blob);
    }

    public static byte[] EncodeItems(IReadOnlyCollection<ChunkItem> items)
    {
        var output = new ByteWriter(256);
        output.WriteVarInt(items.Count);
        foreach (var item in items)
        {
            output.WriteInt64(item.Index);
            output.WriteVarInt(item.Attempt);
            WorkCodec.WriteBlob(output, item.Payload);
        }

        return output.Detach();
    }

    /// <exception cref="ProtocolException">They are none.</exception>
    public static ChunkItem[] DecodeItems(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        var items = new ChunkItem[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new ChunkItem(reader.ReadInt64(), reader.ReadVarInt(), WorkCodec.ReadBlob(ref reader).ToArray());
        }

        WorkCodec.ExpectEnd(reader);
        return items;
    }

    /// <summary>What an item is known by when the same input is submitted again.</summary>
    public static long HashOf(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}

/// <param name="Index">0-based index of the item in the submitter's input.</param>
/// <param name="Attempt">Which attempt it is.</param>
/// <param name="Payload">The item's value, as a worker gets it.</param>
internal sealed record ChunkItem(long Index, int Attempt, byte[] Payload);
