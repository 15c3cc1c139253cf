namespace QueueLog.Wire;

/// <summary>Records as bytes that say themselves who wrote them, for when their sender is not at hand.</summary>
internal static class RecordCopy
{
    // In the form that RecordCodec reads.
    public static void Append(ByteWriter output, scoped in RecordView record)
    {
        var start = output.Length;
        output.WriteInt32(0);
        output.WriteInt64(record.Sequence);
        output.WriteInt64(record.UtcTicks);
        output.WriteInt16(record.OffsetMinutes);
        output.WriteByte((byte)record.Level);
        var flags = FieldsOf(in record);
        output.WriteVarInt((int)flags);
        output.WriteText(record.Message);
        if ((flags & RecordFlags.Item) != 0)
        {
            output.WriteInt64(record.Item);
        }

        if ((flags & RecordFlags.Attempt) != 0)
        {
            output.WriteVarInt(record.Attempt);
        }

        WriteUnlessEmpty(output, record.Template);
        WriteUnlessEmpty(output, record.Category);
        output.WriteText(record.Process);
        output.WriteInt32(record.Pid);
        output.WriteText(record.Worker);
        WriteUnlessEmpty(output, record.Caller);
        if (record.HasException)
        {
            output.WriteText(record.ExceptionType);
            output.WriteText(record.ExceptionMessage);
            output.WriteText(record.ExceptionStackTrace);
        }

        output.WriteBytes(record.Properties);
        output.PatchInt32(start, output.Length - start - RecordCodec.LengthPrefix);
    }

    private static RecordFlags FieldsOf(scoped in RecordView record) =>
        RecordFlags.Process
        | RecordFlags.Worker
        | (record.Item < 0 ? 0 : record.Attempt > 1 ? RecordFlags.Item | RecordFlags.Attempt : RecordFlags.Item)
        | (record.Template.IsEmpty ? 0 : RecordFlags.Template)
        | (record.Category.IsEmpty ? 0 : RecordFlags.Category)
        | (record.Caller.IsEmpty ? 0 : RecordFlags.Caller)
        | (record.IsFromSink ? RecordFlags.FromSink : 0)
        | (record.IsHeld ? RecordFlags.Held : 0)
        | (record.IsInStreams ? RecordFlags.InStreams : 0)
        | (record.HasException ? RecordFlags.Exception : 0)
        | (record.Properties.IsEmpty ? 0 : RecordFlags.Properties);

    private static void WriteUnlessEmpty(ByteWriter output, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            output.WriteText(text);
        }
    }
}
