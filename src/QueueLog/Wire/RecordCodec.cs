using System.Buffers.Binary;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Records as bytes. A batch is one record after the other.</summary>
internal static class RecordCodec
{
    // record     = length:i32le body                       length of the body
    // body       = sequence:i64le utcTicks:i64le offsetMinutes:i16le level:u8 flags:varint message:text
    //              [item:i64le] [attempt:varint] [template:text] [category:text] [process:text pid:i32le] [worker:text]
    //              [caller:text] [exceptionType:text exceptionMessage:text stackTrace:text] [properties]
    // properties = (name:text kind:u8 value)*              to the end of the body
    public const int LengthPrefix = 4;
    private const int HeadLength = 8 + 8 + 2 + 1;
    private const int FixedLength = HeadLength + 1;

    /// <summary>Numbers a record that was encoded before its number was known.</summary>
    /// <param name="record">The record, length prefix included.</param>
    public static void SetSequence(Span<byte> record, long sequence) =>
        BinaryPrimitives.WriteInt64LittleEndian(record[LengthPrefix..], sequence);

    /// <summary>Begins a record's body; its sequence is left at 0.</summary>
    public static void WriteHead(ByteWriter output, long utcTicks, short offsetMinutes, LogLevel level, RecordFlags flags)
    {
        var head = output.Room(HeadLength)[..HeadLength];
        BinaryPrimitives.WriteInt64LittleEndian(head, 0);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], utcTicks);
        BinaryPrimitives.WriteInt16LittleEndian(head[16..], offsetMinutes);
        head[18] = (byte)level;
        output.Advance(HeadLength);
        output.WriteVarInt((int)flags);
    }

    /// <summary>How many records a batch of this process's own making holds.</summary>
    public static int Count(ReadOnlySpan<byte> batch)
    {
        var count = 0;
        for (; !batch.IsEmpty; count++)
        {
            batch = batch[(LengthPrefix + BinaryPrimitives.ReadInt32LittleEndian(batch))..];
        }

        return count;
    }

    /// <summary>How many bytes the record has that begins here, length prefix included.</summary>
    /// <param name="start">At least its length prefix.</param>
    /// <returns>0 when no record begins here.</returns>
    public static int TotalLength(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadInt32LittleEndian(start) is >= FixedLength and <= ProtocolLimits.MaxRecordLength and var length ? LengthPrefix + length : 0;

    /// <summary>How many of the bytes are whole records: up to one that is cut, or to what is no record.</summary>
    public static int WholeLength(ReadOnlySpan<byte> bytes)
    {
        var end = 0;
        while (bytes.Length - end >= LengthPrefix && TotalLength(bytes[end..]) is > 0 and var length && length <= bytes.Length - end)
        {
            end += length;
        }

        return end;
    }

    /// <summary>Takes the first record off a batch.</summary>
    /// <param name="batch">Shortened by the record.</param>
    /// <param name="sender">Fills the fields that the record leaves to its sender.</param>
    /// <returns>False when the batch is empty.</returns>
    /// <exception cref="ProtocolException">The bytes are no record.</exception>
    public static bool TryRead(ref ReadOnlySpan<byte> batch, ClientIdentity sender, out RecordView record)
    {
        record = default;
        if (batch.IsEmpty)
        {
            return false;
        }

        var outer = new SpanReader(batch);
        var length = outer.ReadInt32();
        if (length is < FixedLength or > ProtocolLimits.MaxRecordLength)
        {
            throw new ProtocolException($"A record announces {length} bytes; between {FixedLength} and {ProtocolLimits.MaxRecordLength} are allowed.");
        }

        var reader = new SpanReader(outer.Take(length));
        var head = reader.Take(HeadLength);
        record.Sequence = BinaryPrimitives.ReadInt64LittleEndian(head);
        record.UtcTicks = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        record.OffsetMinutes = BinaryPrimitives.ReadInt16LittleEndian(head[16..]);
        record.Level = (LogLevel)head[18];
        var flags = (RecordFlags)reader.ReadVarInt();
        record.Message = reader.ReadText();
        record.Item = (flags & RecordFlags.Item) != 0 ? reader.ReadInt64() : -1;
        record.Attempt = (flags & RecordFlags.Attempt) != 0 ? reader.ReadVarInt() : record.Item >= 0 ? 1 : 0;
        record.Template = (flags & RecordFlags.Template) != 0 ? reader.ReadText() : default;
        record.Category = (flags & RecordFlags.Category) != 0 ? reader.ReadText() : default;
        if ((flags & RecordFlags.Process) != 0)
        {
            record.Process = reader.ReadText();
            record.Pid = reader.ReadInt32();
        }
        else
        {
            record.Process = sender.ProcessUtf8;
            record.Pid = sender.Pid;
        }

        record.Worker = (flags & RecordFlags.Worker) != 0 ? reader.ReadText() : sender.WorkerUtf8;
        record.Caller = (flags & RecordFlags.Caller) != 0 ? reader.ReadText() : default;
        record.IsFromSink = (flags & RecordFlags.FromSink) != 0;
        record.IsHeld = (flags & RecordFlags.Held) != 0;
        record.IsInStreams = (flags & RecordFlags.InStreams) != 0;
        if ((flags & RecordFlags.Exception) != 0)
        {
            record.HasException = true;
            record.ExceptionType = reader.ReadText();
            record.ExceptionMessage = reader.ReadText();
            record.ExceptionStackTrace = reader.ReadText();
        }

        record.Properties = (flags & RecordFlags.Properties) != 0 ? reader.Rest : default;
        Validate(in record, flags);
        batch = outer.Rest;
        return true;
    }

    /// <summary>Takes level and message off the start of a record, which may be cut anywhere.</summary>
    /// <param name="start">The first bytes of the record, length prefix included.</param>
    /// <param name="level">Its level.</param>
    /// <param name="message">As much of its message as is there.</param>
    /// <returns>False when it is cut before its message, or is no record.</returns>
    public static bool TryReadStart(ReadOnlySpan<byte> start, out LogLevel level, out ReadOnlySpan<byte> message)
    {
        level = default;
        message = default;
        const int BeforeLevel = LengthPrefix + 8 + 8 + 2;
        if (start.Length <= BeforeLevel || start[BeforeLevel] > (byte)LogLevel.Critical)
        {
            return false;
        }

        level = (LogLevel)start[BeforeLevel];
        try
        {
            var reader = new SpanReader(start[(BeforeLevel + 1)..]);
            reader.ReadVarInt();
            var length = reader.ReadVarInt();
            message = reader.Rest[..Math.Min(length, reader.Rest.Length)];
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    /// <summary>Appends a property.</summary>
    public static void WriteProperty(ByteWriter output, ReadOnlySpan<byte> name, object? value)
    {
        output.WriteText(name);
        switch (value)
        {
            case null:
                output.WriteByte((byte)PropertyKind.Null);
                break;
            case string text:
                output.WriteByte((byte)PropertyKind.Text);
                output.WriteText(text);
                break;
            case bool truth:
                output.WriteByte((byte)PropertyKind.Boolean);
                output.WriteByte(truth ? (byte)1 : (byte)0);
                break;
            case int number:
                output.WriteTagged((byte)PropertyKind.Integer, number);
                break;
            case long or short or byte or sbyte or ushort or uint:
                output.WriteByte((byte)PropertyKind.Integer);
                output.WriteInt64(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number:
                output.WriteTagged((byte)PropertyKind.Double, BitConverter.DoubleToInt64Bits(number));
                break;
            case DateTimeOffset moment:
                WriteTimestamp(output, moment);
                break;
            case DateTime moment when TryGetTimestamp(moment, out var timestamp):
                WriteTimestamp(output, timestamp);
                break;
            default:
                if (!NumberText.TryWrite(output, value) && !StructureCodec.TryWrite(output, value))
                {
                    output.WriteByte((byte)PropertyKind.Text);
                    output.WriteText(ValueText.Of(value));
                }

                break;
        }
    }

    /// <summary>The same for a whole number.</summary>
    public static void WriteProperty(ByteWriter output, ReadOnlySpan<byte> name, long number)
    {
        output.WriteText(name);
        output.WriteTagged((byte)PropertyKind.Integer, number);
    }

    // The first and the last day of all, as a placeholder where there is no date, have no universal time in half of the zones.
    private static bool TryGetTimestamp(DateTime moment, out DateTimeOffset timestamp)
    {
        try
        {
            timestamp = new DateTimeOffset(moment);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            timestamp = default;
            return false;
        }
    }

    private static void WriteTimestamp(ByteWriter output, DateTimeOffset moment)
    {
        output.WriteByte((byte)PropertyKind.Timestamp);
        output.WriteInt64(moment.UtcTicks);
        output.WriteInt16((short)moment.Offset.TotalMinutes);
    }

    // Everything a formatter relies on is checked here, so that a bad record ends its connection and not a sink.
    private static void Validate(in RecordView record, RecordFlags flags)
    {
        if ((flags & ~RecordFlags.All) != 0)
        {
            throw new ProtocolException($"A record has the unknown fields {(int)(flags & ~RecordFlags.All)}.");
        }

        if (record.Attempt < 1 && record.Item >= 0)
        {
            throw new ProtocolException("A record is of an attempt that cannot be.");
        }

        if (record.Level > LogLevel.Critical)
        {
            throw new ProtocolException($"A record has the unknown level {(byte)record.Level}.");
        }

        if (record.OffsetMinutes is < -14 * 60 or > 14 * 60
            || (ulong)record.UtcTicks > (ulong)DateTime.MaxValue.Ticks
            || (ulong)(record.UtcTicks + record.OffsetMinutes * TimeSpan.TicksPerMinute) > (ulong)DateTime.MaxValue.Ticks)
        {
            throw new ProtocolException("A record has an impossible time.");
        }

        var properties = record.ReadProperties();
        var count = 0;
        while (properties.Read())
        {
            if (++count > ProtocolLimits.MaxProperties)
            {
                throw new ProtocolException($"A record has more than {ProtocolLimits.MaxProperties} properties.");
            }

            if (properties.Kind == PropertyKind.Timestamp && IsImpossible(in properties))
            {
                throw new ProtocolException("A property has an impossible time.");
            }

            if (properties.Kind >= PropertyKind.Number)
            {
                StructureCodec.Validate(in properties);
            }
        }
    }

    /// <summary>Whether the timestamp of a property is outside the calendar.</summary>
    public static bool IsImpossible(scoped in PropertyReader property) =>
        property.OffsetMinutes is < -14 * 60 or > 14 * 60
        || (ulong)property.Integer > (ulong)DateTime.MaxValue.Ticks
        || (ulong)(property.Integer + property.OffsetMinutes * TimeSpan.TicksPerMinute) > (ulong)DateTime.MaxValue.Ticks;
}
