using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Encodes and decodes what a pool and its workers tell each other once: greeting, definition, readiness.</summary>
internal static class WorkCodec
{
    private const byte SplatFlag = 1;
    private const byte NoCaptureFlag = 2;
    private const byte LocationGivenFlag = 4;
    private const byte BatchFlag = 8;
    private const byte ShowsStreamsFlag = 16;

    // WorkerHello = token:text pid:i32
    public static void WriteHello(ByteWriter writer, string token, int pid)
    {
        writer.WriteText(token);
        writer.WriteInt32(pid);
    }

    public static (string Token, int Pid) ReadHello(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var token = ReadString(ref reader);
        var pid = reader.ReadInt32();
        ExpectEnd(reader);
        return (token, pid);
    }

    // WorkDefinition = id:i32 flags:u8 failon:u8 grace:i32 script:text initialization:text endscript:text location:text culture:text
    //                  uiculture:text arguments:values using:named variables:named preferences:named session     grace in milliseconds
    // values = count:varint (value:bytes)*           named = count:varint (name:text value:bytes)*
    // bytes  = length:varint byte*                   session, see SessionCodec
    public static void WriteDefinition(ByteWriter writer, WorkDefinition definition)
    {
        writer.WriteInt32(definition.Id);
        writer.WriteByte((byte)((definition.Splat ? SplatFlag : 0) | (definition.NoCapture ? NoCaptureFlag : 0) | (definition.IsLocationGiven ? LocationGivenFlag : 0) | (definition.IsBatch ? BatchFlag : 0) | (definition.ShowsStreams ? ShowsStreamsFlag : 0)));
        writer.WriteByte((byte)definition.FailOn);
        writer.WriteInt32((int)definition.Grace.TotalMilliseconds);
        writer.WriteText(definition.Script);
        writer.WriteText(definition.Initialization);
        writer.WriteText(definition.EndScript);
        writer.WriteText(definition.Location);
        writer.WriteText(definition.Culture);
        writer.WriteText(definition.UICulture);
        WriteBlobs(writer, definition.Arguments);
        WriteNamed(writer, definition.UsingValues);
        WriteNamed(writer, definition.Variables);
        WriteNamed(writer, definition.Preferences);
        SessionCodec.Write(writer, definition);
    }

    public static int ReadDefinitionId(ReadOnlySpan<byte> payload) => new SpanReader(payload).ReadInt32();

    /// <summary>Whether two definitions differ in their numbers only.</summary>
    public static bool IsSameDefinition(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        one.Length == other.Length && one.Length >= sizeof(int) && one[sizeof(int)..].SequenceEqual(other[sizeof(int)..]);

    public static WorkDefinition ReadDefinition(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var id = reader.ReadInt32();
        var flags = reader.ReadByte();
        var definition = new WorkDefinition
        {
            Id = id,
            Splat = (flags & SplatFlag) != 0,
            NoCapture = (flags & NoCaptureFlag) != 0,
            IsLocationGiven = (flags & LocationGivenFlag) != 0,
            IsBatch = (flags & BatchFlag) != 0,
            FailOn = ToFailOn(reader.ReadByte()),
            ShowsStreams = (flags & ShowsStreamsFlag) != 0,
            Grace = TimeSpan.FromMilliseconds(reader.ReadInt32()),
            Script = ReadString(ref reader),
            Initialization = ReadString(ref reader),
            EndScript = ReadString(ref reader),
            Location = ReadString(ref reader),
            Culture = ReadString(ref reader),
            UICulture = ReadString(ref reader),
            Arguments = ReadBlobs(ref reader),
            UsingValues = ReadNamed(ref reader),
            Variables = ReadNamed(ref reader),
            Preferences = ReadNamed(ref reader),
        };
        definition = SessionCodec.Read(ref reader, definition);
        ExpectEnd(reader);
        return definition;
    }

    // WorkerReady = id:i32 errorid:text message:text        an empty error id means that the definition is loaded
    public static void WriteReady(ByteWriter writer, int id, string errorId, string message)
    {
        writer.WriteInt32(id);
        writer.WriteText(errorId);
        writer.WriteText(message);
    }

    public static (int Id, string ErrorId, string Message) ReadReady(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var ready = (reader.ReadInt32(), ReadString(ref reader), ReadString(ref reader));
        ExpectEnd(reader);
        return ready;
    }

    // Items = definition:i32 (index:i64 attempt:varint value:bytes)+
    public static void WriteItem(ByteWriter writer, WorkItem item)
    {
        WriteItemHeader(writer, item);
        writer.WriteBytes(item.Payload);
    }

    /// <summary>Writes what stands before the bytes of an item's value.</summary>
    public static void WriteItemHeader(ByteWriter writer, WorkItem item)
    {
        writer.WriteInt64(item.Index);
        writer.WriteVarInt(item.Attempt);
        writer.WriteVarInt(item.Payload.Length);
    }

    // StopItem = index:i64
    public static void WriteStopItem(ByteWriter writer, long index) => writer.WriteInt64(index);

    public static long ReadStopItem(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var index = reader.ReadInt64();
        ExpectEnd(reader);
        return index;
    }

    // StopWork = grace:i32                                how long code may take to stop, in milliseconds
    public static byte[] ToStopWork(TimeSpan grace) => BitConverter.GetBytes((int)grace.TotalMilliseconds);

    public static TimeSpan ReadStopWork(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        var milliseconds = reader.ReadInt32();
        ExpectEnd(reader);
        return milliseconds >= 0 ? TimeSpan.FromMilliseconds(milliseconds) : throw new ProtocolException($"Code may take {milliseconds} ms to stop.");
    }

    public static ReadOnlySpan<byte> ReadBlob(scoped ref SpanReader reader) => reader.Take(reader.ReadVarInt());

    public static void WriteBlob(ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteVarInt(bytes.Length);
        writer.WriteBytes(bytes);
    }

    public static void WriteBlobs(ByteWriter writer, byte[][] blobs)
    {
        writer.WriteVarInt(blobs.Length);
        foreach (var blob in blobs)
        {
            WriteBlob(writer, blob);
        }
    }

    public static byte[][] ReadBlobs(ref SpanReader reader)
    {
        var blobs = new byte[ReadCount(ref reader)][];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = ReadBlob(ref reader).ToArray();
        }

        return blobs;
    }

    public static string ReadString(ref SpanReader reader) => Encoding.UTF8.GetString(reader.ReadText());

    public static void ExpectEnd(SpanReader reader)
    {
        if (!reader.Rest.IsEmpty)
        {
            throw new ProtocolException($"A message has {reader.Rest.Length} bytes too many.");
        }
    }

    private static FailOn ToFailOn(byte number) =>
        number <= (byte)FailOn.ExitCode ? (FailOn)number : throw new ProtocolException($"A definition says with an unknown number, {number}, what fails an item.");

    public static void WriteTexts(ByteWriter output, string[] texts)
    {
        output.WriteVarInt(texts.Length);
        foreach (var text in texts)
        {
            output.WriteText(text);
        }
    }

    public static string[] ReadTexts(ref SpanReader reader)
    {
        var texts = new string[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = WorkCodec.ReadString(ref reader);
        }

        return texts;
    }

    public static int ReadCount(ref SpanReader reader)
    {
        // Everything counted here takes at least one byte, so a larger count is nonsense and must not be allocated.
        var count = reader.ReadVarInt();
        return count <= reader.Rest.Length ? count : throw new ProtocolException($"A list announces {count} entries in {reader.Rest.Length} bytes.");
    }

    private static void WriteNamed(ByteWriter writer, NamedValue[] values)
    {
        writer.WriteVarInt(values.Length);
        foreach (var value in values)
        {
            writer.WriteText(value.Name);
            WriteBlob(writer, value.Value);
        }
    }

    private static NamedValue[] ReadNamed(ref SpanReader reader)
    {
        var values = new NamedValue[ReadCount(ref reader)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new NamedValue(ReadString(ref reader), ReadBlob(ref reader).ToArray());
        }

        return values;
    }
}
