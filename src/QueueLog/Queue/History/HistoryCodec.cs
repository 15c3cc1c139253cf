using QueueLog.Wire;

namespace QueueLog.Queue.History;

/// <summary>Encodes and decodes the messages of a chunk's history.</summary>
// history = offer (claim results*)? end?        the submitter appends offer, a host claim and results, either of them end
// message = version:u8 kind:u8 (offer | claim | results | end)
// offer   = submitter:text count:varint item{count}
// item    = index:i64 attempt:varint deaths:varint hash:i64
// claim   = host:text incarnation:text nonce:i64
// results = nonce:i64 report
// end     = nonce:i64 reason:u8 report
// report  = blob:text parts                     parts, see ReportCodec; none where a blob has them
internal static class HistoryCodec
{
    private const byte Version = 1;
    private const byte OfferKind = 1;
    private const byte ClaimKind = 2;
    private const byte ResultsKind = 3;
    private const byte EndKind = 4;

    // Index and hash, and a byte for each of the others.
    private const int LeastItem = 8 + 8 + 2;

    public static byte[] Encode(HistoryEvent message)
    {
        var output = new ByteWriter(256);
        output.WriteByte(Version);
        switch (message)
        {
            case ChunkOffer offer:
                output.WriteByte(OfferKind);
                output.WriteText(offer.Submitter);
                output.WriteVarInt(offer.Items.Length);
                foreach (var item in offer.Items)
                {
                    output.WriteInt64(item.Index);
                    output.WriteVarInt(item.Attempt);
                    output.WriteVarInt(item.Deaths);
                    output.WriteInt64(item.Hash);
                }

                break;
            case ChunkClaim claim:
                output.WriteByte(ClaimKind);
                output.WriteText(claim.Host);
                output.WriteText(claim.Incarnation);
                output.WriteInt64(claim.Nonce);
                break;
            case ChunkResults results:
                output.WriteByte(ResultsKind);
                output.WriteInt64(results.Nonce);
                WriteReport(output, results.Report);
                break;
            case ChunkEnd end:
                output.WriteByte(EndKind);
                output.WriteInt64(end.Nonce);
                output.WriteByte((byte)end.Reason);
                WriteReport(output, end.Report);
                break;
        }

        return output.Detach();
    }

    /// <returns>Null when it is none.</returns>
    public static HistoryEvent? TryDecode(ReadOnlyMemory<byte> message)
    {
        try
        {
            return Decode(message);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    /// <exception cref="ProtocolException">It is none, or one of another version.</exception>
    public static HistoryEvent Decode(ReadOnlyMemory<byte> message)
    {
        var reader = new SpanReader(message.Span);
        if (reader.ReadByte() is var version and not Version)
        {
            throw new ProtocolException($"A message of a history is of version {version}; this module knows version {Version}.");
        }

        HistoryEvent decoded = reader.ReadByte() switch
        {
            OfferKind => new ChunkOffer(WorkCodec.ReadString(ref reader), ReadItems(ref reader)),
            ClaimKind => new ChunkClaim(WorkCodec.ReadString(ref reader), WorkCodec.ReadString(ref reader), reader.ReadInt64()),
            ResultsKind => new ChunkResults(reader.ReadInt64(), ReadReport(ref reader)),
            EndKind => new ChunkEnd(reader.ReadInt64(), ToReason(reader.ReadByte()), ReadReport(ref reader)),
            var kind => throw new ProtocolException($"A message of a history has the unknown kind {kind}."),
        };
        WorkCodec.ExpectEnd(reader);
        return decoded;
    }

    private static OfferedItem[] ReadItems(ref SpanReader reader)
    {
        var count = reader.ReadVarInt();
        if ((long)count * LeastItem > reader.Rest.Length)
        {
            throw new ProtocolException($"A chunk announces {count} items in {reader.Rest.Length} bytes.");
        }

        var items = new OfferedItem[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new OfferedItem(reader.ReadInt64(), reader.ReadVarInt(), reader.ReadVarInt(), reader.ReadInt64());
        }

        return items;
    }

    private static void WriteReport(ByteWriter output, Report report)
    {
        output.WriteText(report.Blob);
        ReportCodec.Write(output, report.Parts);
    }

    private static Report ReadReport(ref SpanReader reader)
    {
        var blob = WorkCodec.ReadString(ref reader);
        return new Report(ReportCodec.Read(ref reader), blob);
    }

    private static EndReason ToReason(byte number) =>
        number is >= (byte)EndReason.Done and <= (byte)EndReason.TakenBack ? (EndReason)number : throw new ProtocolException($"A chunk ended for the unknown reason {number}.");
}
