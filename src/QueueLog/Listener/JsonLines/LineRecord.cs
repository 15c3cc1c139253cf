using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Listener.JsonLines;

/// <summary>What a line says of its record, gathered until it can be encoded. Used again for each line of a connection.</summary>
internal sealed class LineRecord
{
    private const int KeepCapacity = 256 * 1024;

    private readonly (int Start, int Length)[] places = new (int, int)[Enum.GetValues<LineText>().Length];

    public LineRecord() => Clear();

    /// <summary>All texts, one behind the other.</summary>
    public ByteWriter Texts { get; } = new(1024);

    public LineProperties Properties { get; } = new();

    public LogLevel Level { get; set; }

    /// <summary>Null: when it was received.</summary>
    public DateTimeOffset? Time { get; set; }

    public int? Pid { get; set; }

    public long? Item { get; set; }

    public int? Attempt { get; set; }

    /// <summary>The number of the answer that is asked for; 0 for a record.</summary>
    public long Flush { get; set; }

    public void Clear()
    {
        Array.Fill(places, (0, -1));
        Texts.Clear(KeepCapacity);
        Properties.Clear(KeepCapacity);
        Level = LogLevel.Information;
        Time = null;
        Pid = Attempt = null;
        Item = null;
        Flush = 0;
    }

    public bool Has(LineText text) => places[(int)text].Length >= 0;

    /// <summary>A text; empty when there is none.</summary>
    public ReadOnlySpan<byte> Get(LineText text)
    {
        var (start, length) = places[(int)text];
        return length <= 0 ? default : Texts.Written.Slice(start, length);
    }

    /// <summary>Takes what was appended to the texts since a place.</summary>
    public void SetFrom(LineText text, int start) => places[(int)text] = (start, Texts.Length - start);

    public void Set(LineText text, ReadOnlySpan<byte> value)
    {
        var start = Texts.Length;
        Texts.WriteBytes(value);
        SetFrom(text, start);
    }

    /// <summary>Makes one text of a part of another.</summary>
    public void SetPart(LineText text, LineText whole, Range part)
    {
        var (start, length) = places[(int)whole];
        var (offset, partLength) = part.GetOffsetAndLength(Math.Max(0, length));
        places[(int)text] = (start + offset, partLength);
    }

    /// <summary>Appends the record as it travels.</summary>
    /// <param name="output">A batch.</param>
    /// <param name="client">What needs no repetition.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="clock">Gives the time to a record without one.</param>
    /// <exception cref="ProtocolException">It is longer than a record may be; the batch is as before.</exception>
    public void WriteTo(ByteWriter output, ClientIdentity client, long sequence, LocalClock clock)
    {
        var start = output.Length;
        var isOther = (Pid ?? client.Pid) != client.Pid || (Has(LineText.Process) && !Get(LineText.Process).SequenceEqual(client.ProcessUtf8));
        var attempt = Item is null ? null : Attempt is > 1 ? Attempt : null;
        output.WriteInt32(0);
        output.WriteInt64(sequence);
        WriteTime(output, clock);
        output.WriteByte((byte)Level);
        output.WriteVarInt((int)(
            (Item is null ? 0 : RecordFlags.Item)
            | (attempt is null ? 0 : RecordFlags.Attempt)
            | FlagOf(LineText.Template, RecordFlags.Template)
            | FlagOf(LineText.Category, RecordFlags.Category)
            | (isOther ? RecordFlags.Process : 0)
            | FlagOf(LineText.Worker, RecordFlags.Worker)
            | FlagOf(LineText.Caller, RecordFlags.Caller)
            | FlagOf(LineText.ExceptionMessage, RecordFlags.Exception)
            | (Properties.Count > 0 ? RecordFlags.Properties : 0)));
        output.WriteText(Get(LineText.Message));
        if (Item is { } item)
        {
            output.WriteInt64(item);
        }

        if (attempt is { } number)
        {
            output.WriteVarInt(number);
        }

        WriteIfThere(output, LineText.Template);
        WriteIfThere(output, LineText.Category);
        if (isOther)
        {
            output.WriteText(Has(LineText.Process) ? Get(LineText.Process) : client.ProcessUtf8);
            output.WriteInt32(Pid ?? client.Pid);
        }

        WriteIfThere(output, LineText.Worker);
        WriteIfThere(output, LineText.Caller);
        if (Has(LineText.ExceptionMessage))
        {
            output.WriteText(Get(LineText.ExceptionType));
            output.WriteText(Get(LineText.ExceptionMessage));
            output.WriteText(Get(LineText.StackTrace));
        }

        output.WriteBytes(Properties.Encoded);
        var length = output.Length - start - RecordCodec.LengthPrefix;
        if (length > ProtocolLimits.MaxRecordLength)
        {
            output.Truncate(start);
            throw new ProtocolException($"Its record has more than {ProtocolLimits.MaxRecordLength} bytes.");
        }

        output.PatchInt32(start, length);
    }

    private void WriteTime(ByteWriter output, LocalClock clock)
    {
        clock.Now(out var utcTicks, out var offsetMinutes);
        output.WriteInt64(Time?.UtcTicks ?? utcTicks);
        output.WriteInt16(Time is { } time ? (short)time.Offset.TotalMinutes : offsetMinutes);
    }

    private RecordFlags FlagOf(LineText text, RecordFlags flag) => Has(text) ? flag : 0;

    private void WriteIfThere(ByteWriter output, LineText text)
    {
        if (Has(text))
        {
            output.WriteText(Get(text));
        }
    }
}

/// <summary>The texts of a record.</summary>
internal enum LineText
{
    Message,
    Template,
    Category,
    Process,
    Worker,
    Caller,
    ExceptionType,
    ExceptionMessage,

    /// <summary>Until the exception is taken apart: all of its text.</summary>
    StackTrace,
}
