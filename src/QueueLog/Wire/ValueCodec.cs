using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace QueueLog.Wire;

/// <summary>Encodes the values that need no engine: the fast path for nearly everything that travels.</summary>
internal static class ValueCodec
{
    // value    = kind:u8 body
    // body     = nothing (Null, True, False) | the bytes of the number, little endian | utf8 (Text, Clixml) | utf16le (RawText)
    //          | bits:i32[4] (Decimal) | binary:i64 (DateTime, with its kind) | ticks:i64 (TimeSpan, TimeOnly) | byte[16] (Guid) | byte[] (Bytes, BigInteger)
    //          | ticks:i64 offsetMinutes:i16 (DateTimeOffset) | day:i32 (DateOnly) | value:i32, from the end its complement (Index)
    //          | a graph (Object and the kinds behind it, see ValueGraphReader)
    // A value has no length of its own: the message around it says where it ends. Within a graph the message does not, and texts,
    // Clixml, Bytes and BigInteger begin with their length in bytes, as a varint.

    /// <summary>Encodes a simple value.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="value">The value.</param>
    /// <param name="isNested">Whether it is within a graph.</param>
    /// <returns>False when it is none; nothing is written then.</returns>
    public static bool TryWrite(ByteWriter writer, object? value, bool isNested = false)
    {
        switch (value)
        {
            case null:
                writer.WriteByte((byte)ValueKind.Null);
                return true;
            case string text:
                WriteText(writer, text, isNested);
                return true;
            case bool flag:
                writer.WriteByte((byte)(flag ? ValueKind.True : ValueKind.False));
                return true;
        }

        // An enumeration is not its number: PowerShell's serialization keeps its name.
        var type = value.GetType();
        if (type.IsEnum)
        {
            return false;
        }

        switch (Type.GetTypeCode(type))
        {
            case TypeCode.Int32:
                writer.WriteByte((byte)ValueKind.Int32);
                writer.WriteInt32((int)value);
                return true;
            case TypeCode.Int64:
                WriteInt64(writer, ValueKind.Int64, (long)value);
                return true;
            case TypeCode.Double:
                WriteInt64(writer, ValueKind.Double, BitConverter.DoubleToInt64Bits((double)value));
                return true;
            case TypeCode.Single:
                writer.WriteByte((byte)ValueKind.Single);
                writer.WriteInt32(BitConverter.SingleToInt32Bits((float)value));
                return true;
            case TypeCode.Decimal:
                WriteDecimal(writer, (decimal)value);
                return true;
            case TypeCode.Byte:
                writer.WriteByte((byte)ValueKind.Byte);
                writer.WriteByte((byte)value);
                return true;
            case TypeCode.SByte:
                writer.WriteByte((byte)ValueKind.SByte);
                writer.WriteByte((byte)(sbyte)value);
                return true;
            case TypeCode.Int16:
                WriteInt16(writer, ValueKind.Int16, (short)value);
                return true;
            case TypeCode.UInt16:
                WriteInt16(writer, ValueKind.UInt16, (short)(ushort)value);
                return true;
            case TypeCode.Char:
                WriteInt16(writer, ValueKind.Char, (short)(char)value);
                return true;
            case TypeCode.UInt32:
                writer.WriteByte((byte)ValueKind.UInt32);
                writer.WriteInt32((int)(uint)value);
                return true;
            case TypeCode.UInt64:
                WriteInt64(writer, ValueKind.UInt64, (long)(ulong)value);
                return true;
            case TypeCode.DateTime:
                WriteInt64(writer, ValueKind.DateTime, ((DateTime)value).ToBinary());
                return true;
        }

        switch (value)
        {
            case TimeSpan span:
                WriteInt64(writer, ValueKind.TimeSpan, span.Ticks);
                return true;
            case Guid guid:
                Span<byte> bytes = stackalloc byte[16];
                guid.TryWriteBytes(bytes);
                writer.WriteByte((byte)ValueKind.Guid);
                writer.WriteBytes(bytes);
                return true;
            case byte[] block when type == typeof(byte[]):
                writer.WriteByte((byte)ValueKind.Bytes);
                WriteBlock(writer, block, isNested);
                return true;
            case BigInteger big:
                writer.WriteByte((byte)ValueKind.BigInteger);
                WriteBlock(writer, big.ToByteArray(), isNested);
                return true;
            case DateTimeOffset date:
                WriteInt64(writer, ValueKind.DateTimeOffset, date.Ticks);
                writer.WriteInt16((short)date.TotalOffsetMinutes);
                return true;
            case DateOnly date:
                writer.WriteByte((byte)ValueKind.DateOnly);
                writer.WriteInt32(date.DayNumber);
                return true;
            case TimeOnly time:
                WriteInt64(writer, ValueKind.TimeOnly, time.Ticks);
                return true;
            case Half half:
                WriteInt16(writer, ValueKind.Half, BitConverter.HalfToInt16Bits(half));
                return true;
            case Int128 large:
                WriteInt64(writer, ValueKind.Int128, (long)(ulong)(large & ulong.MaxValue));
                writer.WriteInt64((long)(large >> 64));
                return true;
            case UInt128 large:
                WriteInt64(writer, ValueKind.UInt128, (long)(ulong)(large & ulong.MaxValue));
                writer.WriteInt64((long)(ulong)(large >> 64));
                return true;
            case Index index:
                writer.WriteByte((byte)ValueKind.Index);
                writer.WriteInt32(index.IsFromEnd ? ~index.Value : index.Value);
                return true;
            default:
                return false;
        }
    }

    public static void WriteClixml(ByteWriter writer, string xml, bool isNested = false)
    {
        writer.WriteByte((byte)ValueKind.Clixml);
        WriteUtf8(writer, xml, isNested);
    }

    /// <summary>Whether a value is a graph, which <see cref="ValueGraphReader"/> reads.</summary>
    public static bool IsGraph(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && (ValueKind)bytes[0] is >= ValueKind.Object and < ValueKind.Reference;

    /// <summary>Decodes a value that is no graph.</summary>
    /// <param name="bytes">The whole value.</param>
    /// <param name="clixml">PowerShell's serialization of the value, for the engine to decode; null when the value is returned.</param>
    /// <exception cref="ProtocolException">The bytes are no value.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, out string? clixml)
    {
        var reader = new SpanReader(bytes);
        var kind = (ValueKind)reader.ReadByte();
        var value = ReadBody(ref reader, kind, isNested: false, out clixml);
        return reader.Rest.IsEmpty ? value : throw new ProtocolException($"A value of kind {kind} has {reader.Rest.Length} bytes too many.");
    }

    /// <summary>Decodes the body of a simple value, or of a serialized one.</summary>
    /// <exception cref="ProtocolException">The bytes are none.</exception>
    public static object? ReadBody(ref SpanReader reader, ValueKind kind, bool isNested, out string? clixml)
    {
        clixml = null;
        if (kind is ValueKind.Text or ValueKind.Clixml or ValueKind.RawText or ValueKind.Bytes or ValueKind.BigInteger)
        {
            var body = reader.Take(isNested ? reader.ReadVarInt() : reader.Rest.Length);
            switch (kind)
            {
                case ValueKind.Text:
                    return Encoding.UTF8.GetString(body);
                case ValueKind.Clixml:
                    clixml = Encoding.UTF8.GetString(body);
                    return null;
                case ValueKind.RawText:
                    return body.Length % 2 == 0
                        ? new string(MemoryMarshal.Cast<byte, char>(body))
                        : throw new ProtocolException("A text ends inside a character.");
                case ValueKind.BigInteger:
                    return new BigInteger(body);
                default:
                    return body.ToArray();
            }
        }

        return kind switch
        {
            ValueKind.Null => null,
            ValueKind.True => true,
            ValueKind.False => false,
            ValueKind.Int32 => reader.ReadInt32(),
            ValueKind.Int64 => reader.ReadInt64(),
            ValueKind.Double => BitConverter.Int64BitsToDouble(reader.ReadInt64()),
            ValueKind.Single => BitConverter.Int32BitsToSingle(reader.ReadInt32()),
            ValueKind.Decimal => ReadDecimal(ref reader),
            ValueKind.Byte => reader.ReadByte(),
            ValueKind.SByte => (sbyte)reader.ReadByte(),
            ValueKind.Int16 => reader.ReadInt16(),
            ValueKind.UInt16 => (ushort)reader.ReadInt16(),
            ValueKind.Char => (char)reader.ReadInt16(),
            ValueKind.UInt32 => (uint)reader.ReadInt32(),
            ValueKind.UInt64 => (ulong)reader.ReadInt64(),
            ValueKind.DateTime => ReadDate(static value => DateTime.FromBinary(value), reader.ReadInt64()),
            ValueKind.TimeSpan => new TimeSpan(reader.ReadInt64()),
            ValueKind.Guid => new Guid(reader.Take(16)),
            ValueKind.DateTimeOffset => ReadDateTimeOffset(ref reader),
            ValueKind.DateOnly => ReadDate(static value => DateOnly.FromDayNumber((int)value), reader.ReadInt32()),
            ValueKind.TimeOnly => ReadDate(static value => new TimeOnly(value), reader.ReadInt64()),
            ValueKind.Half => BitConverter.Int16BitsToHalf(reader.ReadInt16()),
            ValueKind.Int128 => new Int128(lower: (ulong)reader.ReadInt64(), upper: (ulong)reader.ReadInt64()),
            ValueKind.UInt128 => new UInt128(lower: (ulong)reader.ReadInt64(), upper: (ulong)reader.ReadInt64()),
            ValueKind.Index => reader.ReadInt32() is var index && index < 0 ? Index.FromEnd(~index) : Index.FromStart(index),
            _ => throw new ProtocolException($"A value has the unknown kind {(byte)kind}."),
        };
    }

    private static void WriteText(ByteWriter writer, string text, bool isNested)
    {
        var start = writer.Length;
        writer.WriteByte((byte)ValueKind.Text);
        if (!WriteUtf8(writer, text, isNested))
        {
            writer.Truncate(start);
            writer.WriteByte((byte)ValueKind.RawText);
            WriteBlock(writer, MemoryMarshal.AsBytes(text.AsSpan()), isNested);
        }
    }

    /// <returns>False when the text has unpaired surrogates, which UTF-8 cannot carry.</returns>
    private static bool WriteUtf8(ByteWriter writer, string text, bool isNested)
    {
        IBufferWriter<byte> output = writer;
        var length = text.Length <= int.MaxValue / 3 ? Encoding.UTF8.GetByteCount(text) : LongByteCount(text);
        if (isNested)
        {
            writer.WriteVarInt(length);
        }

        var target = output.GetSpan(length);
        var status = Utf8.FromUtf16(text, target, out _, out var written, replaceInvalidSequences: false);
        output.Advance(written);
        return status == OperationStatus.Done;
    }

    private static int LongByteCount(string text)
    {
        var half = text.Length / 2;
        var length = (long)Encoding.UTF8.GetByteCount(text.AsSpan(0, half)) + Encoding.UTF8.GetByteCount(text.AsSpan(half));
        return length <= ProtocolLimits.MaxValueLength ? Encoding.UTF8.GetByteCount(text) : throw new OutOfMemoryException();
    }

    private static void WriteBlock(ByteWriter writer, ReadOnlySpan<byte> bytes, bool isNested)
    {
        if (isNested)
        {
            writer.WriteVarInt(bytes.Length);
        }

        writer.WriteBytes(bytes);
    }

    private static void WriteInt16(ByteWriter writer, ValueKind kind, short value)
    {
        writer.WriteByte((byte)kind);
        writer.WriteInt16(value);
    }

    private static void WriteInt64(ByteWriter writer, ValueKind kind, long value)
    {
        writer.WriteByte((byte)kind);
        writer.WriteInt64(value);
    }

    private static void WriteDecimal(ByteWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        writer.WriteByte((byte)ValueKind.Decimal);
        foreach (var part in bits)
        {
            writer.WriteInt32(part);
        }
    }

    private static decimal ReadDecimal(ref SpanReader reader)
    {
        Span<int> bits = [reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()];
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException)
        {
            throw new ProtocolException("A decimal number has impossible bits.");
        }
    }

    private static DateTimeOffset ReadDateTimeOffset(ref SpanReader reader)
    {
        var ticks = reader.ReadInt64();
        var offset = TimeSpan.FromMinutes(reader.ReadInt16());
        return ReadDate(value => new DateTimeOffset(value, offset), ticks);
    }

    private static T ReadDate<T>(Func<long, T> read, long value)
    {
        try
        {
            return read(value);
        }
        catch (ArgumentException)
        {
            throw new ProtocolException("A date or time is out of range.");
        }
    }
}
