using System.Buffers.Text;
using QueueLog.Formatting;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Gathers the values of another program's entry, and makes the fields of an entry of them.</summary>
// Of two values for one field the one with the better name counts. What is no time or no level, whatever its name, is a property.
internal ref struct ForeignRecord(ByteWriter properties, DateOrder order = DateOrder.Unknown)
{
    private readonly ByteWriter properties = properties;
    private readonly DateOrder order = order;
    private Value time, date, level, message, template, logger, process, pid, caller, exception, exceptionType, exceptionMessage, stack;
    private LogLevel levelValue;
    private WrittenTime timeValue, dateValue;

    /// <summary>Whether times without an offset are universal ones.</summary>
    public bool IsUtc { get; init; }

    /// <summary>What the message is so far.</summary>
    public readonly ReadOnlySpan<byte> Message => message.Text;

    public readonly bool HasMessage => message.IsThere;

    public readonly bool HasTime => time.IsThere;

    public readonly bool HasLevel => level.IsThere;

    /// <summary>Takes a value.</summary>
    /// <param name="name">What its name stands for.</param>
    /// <param name="key">The name itself, for a property.</param>
    /// <param name="text">The value.</param>
    /// <param name="isText">Whether it is a text, and not a number, say.</param>
    public void Offer(FieldName name, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, bool isText)
    {
        var value = new Value(name.Rank + 1, key, text, isText);
        var isTaken = name.Field switch
        {
            ForeignField.Time => ForeignTime.TryReadWhole(text.Trim((byte)' '), order, out var read) && Take(ref time, value, ref timeValue, read),
            ForeignField.Date => ForeignTime.TryReadWhole(text.Trim((byte)' '), order, out var read) && Take(ref date, value, ref dateValue, read),
            ForeignField.Level => ForeignLevel.TryRead(text, out var read) && Take(ref level, value, ref levelValue, read),
            ForeignField.LevelName => ForeignLevel.TryReadName(text, out var read) && Take(ref level, value with { Rank = value.Rank + 50 }, ref levelValue, read),
            ForeignField.SyslogLevel => ForeignLevel.TryReadPriority(text, out var read) && Take(ref level, value with { Rank = value.Rank + 50 }, ref levelValue, read),
            ForeignField.PythonLevel => TryReadNumber(text, out var number) && LevelParser.TryOfNumber(number, out var read) && Take(ref level, value with { Rank = value.Rank + 50 }, ref levelValue, read),
            ForeignField.OpenTelemetryLevel => TryReadNumber(text, out var number) && Take(ref level, value with { Rank = value.Rank + 50 }, ref levelValue, LevelParser.OfOpenTelemetry((int)number)),
            ForeignField.Message => Take(ref message, value),
            ForeignField.Template => isText && Take(ref template, value),
            ForeignField.Logger => isText && Take(ref logger, value),
            ForeignField.Process => isText && Take(ref process, value),
            ForeignField.Pid => TryReadPid(text, out _) && Take(ref pid, value),
            ForeignField.Caller => isText && Take(ref caller, value),
            ForeignField.Exception => isText && !text.IsEmpty && Take(ref exception, value),
            ForeignField.ExceptionType => isText && !text.IsEmpty && Take(ref exceptionType, value),
            ForeignField.ExceptionMessage => isText && !text.IsEmpty && Take(ref exceptionMessage, value),
            ForeignField.Stack => isText && ForeignTrace.IsStack(text) && Take(ref stack, value),
            _ => false,
        };
        if (!isTaken)
        {
            AddProperty(in value);
        }
    }

    /// <summary>Sets a level that no value says.</summary>
    public void SetLevel(LogLevel value)
    {
        levelValue = value;
        level = new Value(1, default, "-"u8, true);
    }

    /// <summary>Sets an exception.</summary>
    public void SetException(ReadOnlySpan<byte> type, ReadOnlySpan<byte> text, ReadOnlySpan<byte> trace)
    {
        exceptionType = new Value(1, default, type, true);
        exceptionMessage = new Value(1, default, text, true);
        stack = new Value(1, default, trace, true);
    }

    public void SetMessage(ReadOnlySpan<byte> text) => message = new Value(1, default, text, true);

    /// <summary>Makes the fields.</summary>
    public void Fill(ref EntryView entry, TimePlacer placer)
    {
        ref var record = ref entry.Record;
        if (date.IsThere && !time.IsThere && dateValue is { IsMoment: false, TimeOfDay: < 0 })
        {
            // A day alone is anything's.
            AddProperty(in date);
        }
        else if (time.IsThere || date.IsThere)
        {
            var whole = date.IsThere ? dateValue.With(time.IsThere ? timeValue : new WrittenTime(0, 0, 0, -1, null)) : timeValue;
            whole = IsUtc ? whole with { Offset = whole.Offset ?? 0 } : whole;
            if (placer.TryPlace(in whole, out record.UtcTicks, out record.OffsetMinutes))
            {
                entry.Fields |= EntryFields.Timestamp;
            }
            else
            {
                AddIfThere(in time);
                AddIfThere(in date);
            }
        }

        // MongoDB's names are so short that alone they are anything's.
        var isMongo = time.IsNamed("t.$date"u8);
        if (level.IsNamed("s"u8) && !isMongo)
        {
            AddProperty(in level);
            level = default;
        }

        if (level.IsThere)
        {
            record.Level = levelValue;
            entry.Fields |= EntryFields.Level;
        }

        if (pid.IsThere && TryReadPid(pid.Text, out record.Pid))
        {
            entry.Fields |= EntryFields.Pid;
        }

        // A name alone is anything's; with a process beside it, it is a logger's.
        if ((logger.IsNamed("name"u8) && !pid.IsThere && !level.IsNamed("levelname"u8)) || (logger.IsNamed("c"u8) && !isMongo))
        {
            AddProperty(in logger);
            logger = default;
        }

        record.Message = message.Text;
        record.Template = template.Text;
        record.Category = logger.Text;
        record.Process = process.Text;
        record.Caller = caller.Text;
        FillException(ref record);
    }

    private readonly void FillException(ref RecordView record)
    {
        if (exceptionType.IsThere || exceptionMessage.IsThere)
        {
            record.HasException = true;
            record.ExceptionType = exceptionType.Text;
            record.ExceptionMessage = exceptionMessage.IsThere ? exceptionMessage.Text : exception.Text;
            record.ExceptionStackTrace = stack.Text;
        }
        else if (exception.IsThere)
        {
            ForeignTrace.Split(exception.Text, ref record);
            record.ExceptionStackTrace = stack.IsThere ? stack.Text : record.ExceptionStackTrace;
        }
        else if (stack.IsThere)
        {
            record.HasException = true;
            record.ExceptionStackTrace = stack.Text;
        }
    }

    private bool Take<T>(ref Value slot, Value value, ref T known, T read)
    {
        if (!Take(ref slot, value))
        {
            return false;
        }

        known = read;
        return true;
    }

    private readonly bool Take(ref Value slot, Value value)
    {
        if (slot.IsThere && slot.Rank <= value.Rank)
        {
            return false;
        }

        if (slot.IsThere)
        {
            AddProperty(in slot);
        }

        slot = value;
        return true;
    }

    private readonly void AddIfThere(scoped in Value value)
    {
        if (value.IsThere)
        {
            AddProperty(in value);
        }
    }

    private readonly void AddProperty(scoped in Value value)
    {
        if (value.IsText)
        {
            properties.AddText(value.Name, value.Text);
        }
        else
        {
            BareValue.Add(properties, value.Name, value.Text);
        }
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && used > 0;

    private static bool TryReadPid(ReadOnlySpan<byte> text, out int number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && number > 0;

    private readonly ref struct Value(int rank, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, bool isText)
    {
        /// <summary>0 where nothing is there.</summary>
        public int Rank { get; init; } = rank;

        public ReadOnlySpan<byte> Name { get; } = name;

        public ReadOnlySpan<byte> Text { get; } = text;

        public bool IsText { get; } = isText;

        public bool IsThere => Rank > 0;

        public bool IsNamed(ReadOnlySpan<byte> other) => Name.SequenceEqual(other);
    }
}
