using System.Buffers.Binary;
using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Encodes and decodes the entries of Results frames.</summary>
internal static class WorkEntryCodec
{
    // Results  = entry+
    // entry    = kind:u8 index:i64 length:u32le body
    // body     = value (Output) | error (Error, Failure) | text (Warning, Verbose, Debug; the rest of the body)
    //          | information (Information) | ended (Ended) | progress (Progress)

    /// <summary>Length of what stands before the body of an entry.</summary>
    public const int HeaderLength = 13;

    /// <summary>Length of the body of an Ended entry.</summary>
    public const int EndedLength = 22;

    /// <summary>Starts an entry whose body follows.</summary>
    /// <returns>Where the entry starts, for <see cref="EndEntry"/>.</returns>
    public static int BeginEntry(ByteWriter writer, WorkEntryKind kind, long index)
    {
        var start = writer.Length;
        writer.WriteByte((byte)kind);
        writer.WriteInt64(index);
        writer.WriteInt32(0);
        return start;
    }

    /// <summary>Fills in the length of an entry.</summary>
    /// <param name="writer">Has it.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="rest">How many bytes of it follow elsewhere.</param>
    public static void EndEntry(ByteWriter writer, int start, int rest = 0) => writer.PatchInt32(start + HeaderLength - 4, writer.Length - start - HeaderLength + rest);

    /// <summary>Takes the next entry off a Results payload.</summary>
    /// <returns>False at its end.</returns>
    /// <exception cref="ProtocolException">The bytes are no entry.</exception>
    public static bool TryRead(ref ReadOnlySpan<byte> payload, out WorkEntry entry)
    {
        entry = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        if (payload.Length < HeaderLength)
        {
            throw new ProtocolException("An entry ends inside its header.");
        }

        var kind = (WorkEntryKind)payload[0];
        if (kind is < WorkEntryKind.Output or > WorkEntryKind.Progress)
        {
            throw new ProtocolException($"An entry has the unknown kind {(byte)kind}.");
        }

        var index = BinaryPrimitives.ReadInt64LittleEndian(payload[1..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(payload[9..]);
        if (length < 0 || length > payload.Length - HeaderLength)
        {
            throw new ProtocolException($"An entry of {length} bytes runs past the end of its frame, which has {payload.Length - HeaderLength} left.");
        }

        entry = new WorkEntry(kind, index, payload.Slice(HeaderLength, length));
        payload = payload[(HeaderLength + length)..];
        return true;
    }

    // ended = outcome:u8 microseconds:i64 started:i64 hasexitcode:u8 exitcode:i32
    //         how long the item took, UTC ticks of when it began, and the exit code that it left
    public static void WriteEnded(Span<byte> body, ItemOutcome outcome, long microseconds, long startedUtcTicks, int? exitCode)
    {
        body[0] = (byte)outcome;
        BinaryPrimitives.WriteInt64LittleEndian(body[1..], microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(body[9..], startedUtcTicks);
        body[17] = exitCode is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32LittleEndian(body[18..], exitCode ?? 0);
    }

    public static (ItemOutcome Outcome, long Microseconds, long StartedUtcTicks, int? ExitCode) ReadEnded(ReadOnlySpan<byte> body)
    {
        var reader = new SpanReader(body);
        var outcome = (ItemOutcome)reader.ReadByte();
        var microseconds = reader.ReadInt64();
        var started = reader.ReadInt64();
        var hasExitCode = reader.ReadByte() != 0;
        var exitCode = reader.ReadInt32();
        WorkCodec.ExpectEnd(reader);
        return outcome <= ItemOutcome.NotBegun && started >= 0 && started <= DateTime.MaxValue.Ticks
            ? (outcome, microseconds, started, hasExitCode ? exitCode : null)
            : throw new ProtocolException($"An item ended with the outcome {(byte)outcome} at {started}.");
    }

    // progress = activityid:i32 parent:i32 percent:i32 seconds:i32 completed:u8 activity:text status:text operation:text
    public static void WriteProgress(ByteWriter writer, WorkProgress progress)
    {
        writer.WriteInt32(progress.ActivityId);
        writer.WriteInt32(progress.ParentId);
        writer.WriteInt32(progress.Percent);
        writer.WriteInt32(progress.SecondsRemaining);
        writer.WriteByte(progress.IsCompleted ? (byte)1 : (byte)0);
        writer.WriteText(progress.Activity);
        writer.WriteText(progress.Status);
        writer.WriteText(progress.Operation);
    }

    public static WorkProgress ReadProgress(ReadOnlySpan<byte> body)
    {
        var reader = new SpanReader(body);
        var progress = new WorkProgress
        {
            ActivityId = reader.ReadInt32(),
            ParentId = reader.ReadInt32(),
            Percent = reader.ReadInt32(),
            SecondsRemaining = reader.ReadInt32(),
            IsCompleted = reader.ReadByte() != 0,
            Activity = WorkCodec.ReadString(ref reader),
            Status = WorkCodec.ReadString(ref reader),
            Operation = WorkCodec.ReadString(ref reader),
        };
        WorkCodec.ExpectEnd(reader);
        return progress;
    }

    public static string ReadText(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body);

    // error = exceptiontype:text message:text errorid:text category:i32 activity:text reason:text targetname:text targettype:text
    //         scriptstacktrace:text positionmessage:text details:text recommendedaction:text target:bytes exception:bytes
    //         hasposition:u8 position?
    // position = file:text startline:i32 startcolumn:i32 endline:i32 endcolumn:i32 starttext:text endtext:text
    public static void WriteError(ByteWriter writer, WorkError error)
    {
        writer.WriteText(error.ExceptionType);
        writer.WriteText(error.Message);
        writer.WriteText(error.ErrorId);
        writer.WriteInt32(error.Category);
        writer.WriteText(error.Activity);
        writer.WriteText(error.Reason);
        writer.WriteText(error.TargetName);
        writer.WriteText(error.TargetType);
        writer.WriteText(error.ScriptStackTrace);
        writer.WriteText(error.PositionMessage);
        writer.WriteText(error.Details);
        writer.WriteText(error.RecommendedAction);
        WorkCodec.WriteBlob(writer, error.Target);
        WorkCodec.WriteBlob(writer, error.Exception);
        writer.WriteByte(error.Position is null ? (byte)0 : (byte)1);
        if (error.Position is { } position)
        {
            writer.WriteText(position.File);
            writer.WriteInt32(position.StartLine);
            writer.WriteInt32(position.StartColumn);
            writer.WriteInt32(position.EndLine);
            writer.WriteInt32(position.EndColumn);
            writer.WriteText(position.StartText);
            writer.WriteText(position.EndText);
        }
    }

    public static WorkError ReadError(ReadOnlySpan<byte> body)
    {
        var reader = new SpanReader(body);
        var error = new WorkError
        {
            ExceptionType = WorkCodec.ReadString(ref reader),
            Message = WorkCodec.ReadString(ref reader),
            ErrorId = WorkCodec.ReadString(ref reader),
            Category = reader.ReadInt32(),
            Activity = WorkCodec.ReadString(ref reader),
            Reason = WorkCodec.ReadString(ref reader),
            TargetName = WorkCodec.ReadString(ref reader),
            TargetType = WorkCodec.ReadString(ref reader),
            ScriptStackTrace = WorkCodec.ReadString(ref reader),
            PositionMessage = WorkCodec.ReadString(ref reader),
            Details = WorkCodec.ReadString(ref reader),
            RecommendedAction = WorkCodec.ReadString(ref reader),
            Target = WorkCodec.ReadBlob(ref reader).ToArray(),
            Exception = WorkCodec.ReadBlob(ref reader).ToArray(),
            Position = reader.ReadByte() == 0 ? null : ReadPosition(ref reader),
        };
        WorkCodec.ExpectEnd(reader);
        return error;
    }

    private static WorkErrorPosition ReadPosition(ref SpanReader reader) => new(
        WorkCodec.ReadString(ref reader),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        WorkCodec.ReadString(ref reader),
        WorkCodec.ReadString(ref reader));

    // information = flags:u8 foreground:u8 background:u8 source:text user:text computer:text pid:i32 time:i64
    //               tags:varint text* message:bytes       a colour is its number plus one, 0 for none
    public static void WriteInformation(ByteWriter writer, WorkInformation information)
    {
        writer.WriteByte((byte)((information.IsHostMessage ? 1 : 0) | (information.NoNewLine ? 2 : 0)));
        writer.WriteByte((byte)(information.Foreground + 1));
        writer.WriteByte((byte)(information.Background + 1));
        writer.WriteText(information.Source);
        writer.WriteText(information.User);
        writer.WriteText(information.Computer);
        writer.WriteInt32(information.ProcessId);
        writer.WriteInt64(information.UtcTicks);
        writer.WriteVarInt(information.Tags.Length);
        foreach (var tag in information.Tags)
        {
            writer.WriteText(tag);
        }

        WorkCodec.WriteBlob(writer, information.Message);
    }

    public static WorkInformation ReadInformation(ReadOnlySpan<byte> body)
    {
        var reader = new SpanReader(body);
        var flags = reader.ReadByte();
        var information = new WorkInformation
        {
            IsHostMessage = (flags & 1) != 0,
            NoNewLine = (flags & 2) != 0,
            Foreground = reader.ReadByte() - 1,
            Background = reader.ReadByte() - 1,
            Source = WorkCodec.ReadString(ref reader),
            User = WorkCodec.ReadString(ref reader),
            Computer = WorkCodec.ReadString(ref reader),
            ProcessId = reader.ReadInt32(),
            UtcTicks = reader.ReadInt64(),
            Tags = ReadTags(ref reader),
            Message = WorkCodec.ReadBlob(ref reader).ToArray(),
        };
        WorkCodec.ExpectEnd(reader);
        return information;
    }

    private static string[] ReadTags(ref SpanReader reader)
    {
        var tags = new string[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = WorkCodec.ReadString(ref reader);
        }

        return tags;
    }
}
