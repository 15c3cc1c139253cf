using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Encodes a record into its thread's own buffer, so that the values' own code never runs under a lock.</summary>
internal static class RecordEncoder
{
    private const int KeepCapacity = 256 * 1024;

    [ThreadStatic]
    private static ByteWriter? scratch;

    [ThreadStatic]
    private static ByteWriter? rendering;

    /// <summary>Encodes a draft with the sequence left at 0.</summary>
    /// <returns>The thread's buffer with the record, length prefix included; valid until the thread's next call.</returns>
    public static ByteWriter Encode(scoped in RecordDraft draft, LocalClock clock)
    {
        clock.Now(out var utcTicks, out var offsetMinutes);
        var output = Begin();
        var item = ProcessContext.Item;
        if (draft.Arguments.IsEmpty && draft.Properties is null)
        {
            WriteHead(output, utcTicks, offsetMinutes, draft.Level, OptionalFields(item, null, draft.Category, null, draft.Exception, false));
            output.WriteText(draft.Message);
            WriteTail(output, item, null, draft.Category, null, 0, null, draft.Exception);
            return End(output);
        }

        var template = MessageTemplate.Of(draft.Message);
        var kept = template.HoleCount > 0 ? template.TextUtf8 : null;
        WriteHead(output, utcTicks, offsetMinutes, draft.Level, OptionalFields(item, kept, draft.Category, null, draft.Exception, true));
        output.WriteText(Render(template, draft.Arguments, draft.Properties));
        WriteTail(output, item, kept, draft.Category, null, 0, null, draft.Exception);
        WriteArguments(output, template, draft.Arguments);
        WriteProperties(output, draft.Properties, draft.Arguments.Length);
        return End(output);
    }

    /// <summary>Encodes a record that was built by hand; what it leaves out is filled in.</summary>
    /// <returns>As <see cref="Encode"/>.</returns>
    public static ByteWriter Encode(LogRecord record, LocalClock clock)
    {
        clock.Now(out var utcTicks, out var offsetMinutes);
        if (record.Timestamp is { } moment)
        {
            utcTicks = moment.UtcTicks;
            offsetMinutes = (short)moment.Offset.TotalMinutes;
        }

        var output = Begin();
        var item = record.Item ?? ProcessContext.Item;
        var process = record.Process ?? (record.Pid is null ? null : ProcessContext.Name);
        var template = record.Template is null ? null : Encoding.UTF8.GetBytes(record.Template);
        var flags = OptionalFields(item, template, record.Category, process, record.Exception, record.Properties.Count > 0);
        WriteHead(output, utcTicks, offsetMinutes, record.Level, flags | (record.Worker is null ? 0 : RecordFlags.Worker));
        output.WriteText(record.Message);
        WriteTail(output, item, template, record.Category, process, record.Pid ?? Environment.ProcessId, record.Worker, record.Exception);
        WriteProperties(output, record.Properties, 0);
        return End(output);
    }

    /// <summary>The message of a draft with its holes filled.</summary>
    public static string RenderText(scoped in RecordDraft draft) =>
        Encoding.UTF8.GetString(Render(MessageTemplate.Of(draft.Message), draft.Arguments, draft.Properties));

    private static ByteWriter Begin()
    {
        var output = scratch ??= new ByteWriter();
        output.Clear(KeepCapacity);
        output.WriteInt32(0);
        return output;
    }

    private static ByteWriter End(ByteWriter output)
    {
        output.PatchInt32(0, output.Length - RecordCodec.LengthPrefix);
        return output;
    }

    private static RecordFlags OptionalFields(long item, byte[]? template, string? category, string? process, ExceptionInfo? exception, bool properties) =>
        (item < 0 ? 0 : RecordFlags.Item)
        | (template is null ? 0 : RecordFlags.Template)
        | (category is null ? 0 : RecordFlags.Category)
        | (process is null ? 0 : RecordFlags.Process)
        | (exception is null ? 0 : RecordFlags.Exception)
        | (properties ? RecordFlags.Properties : 0);

    private static void WriteHead(ByteWriter output, long utcTicks, short offsetMinutes, LogLevel level, RecordFlags flags)
    {
        output.WriteInt64(0);
        output.WriteInt64(utcTicks);
        output.WriteInt16(offsetMinutes);
        output.WriteByte((byte)(level > LogLevel.Critical ? LogLevel.Critical : level));
        output.WriteByte((byte)flags);
    }

    private static void WriteTail(ByteWriter output, long item, byte[]? template, string? category, string? process, int pid, string? worker, ExceptionInfo? exception)
    {
        if (item >= 0)
        {
            output.WriteInt64(item);
        }

        if (template is not null)
        {
            output.WriteText(template.AsSpan());
        }

        if (category is not null)
        {
            output.WriteText(category);
        }

        if (process is not null)
        {
            output.WriteText(process);
            output.WriteInt32(pid);
        }

        if (worker is not null)
        {
            output.WriteText(worker);
        }

        if (exception is not null)
        {
            output.WriteText(exception.Type);
            output.WriteText(exception.Message);
            output.WriteText(exception.StackTrace ?? "");
        }
    }

    private static void WriteArguments(ByteWriter output, MessageTemplate template, ReadOnlySpan<object?> arguments)
    {
        var index = 0;
        foreach (var part in template.Parts)
        {
            if (part.Name is not null && index < Math.Min(arguments.Length, ProtocolLimits.MaxProperties))
            {
                RecordCodec.WriteProperty(output, part.NameUtf8, arguments[index++]);
            }
        }

        // More arguments than holes: they are kept all the same, by their position.
        for (; index < arguments.Length && index < ProtocolLimits.MaxProperties; index++)
        {
            RecordCodec.WriteProperty(output, Encoding.UTF8.GetBytes($"Argument{index}"), arguments[index]);
        }
    }

    private static void WriteProperties(ByteWriter output, IReadOnlyList<LogProperty>? properties, int before)
    {
        // The protocol's limit; a listener would have to cut off a client that goes beyond it.
        for (var i = 0; i < Math.Min(properties?.Count ?? 0, ProtocolLimits.MaxProperties - before); i++)
        {
            RecordCodec.WriteProperty(output, Encoding.UTF8.GetBytes(properties![i].Name), properties[i].Value);
        }
    }

    private static ReadOnlySpan<byte> Render(MessageTemplate template, ReadOnlySpan<object?> arguments, IReadOnlyList<LogProperty>? properties)
    {
        var text = rendering ??= new ByteWriter();
        text.Clear(KeepCapacity);
        var index = 0;
        foreach (var part in template.Parts)
        {
            if (part.Name is null)
            {
                text.WriteBytes(part.TextUtf8);
            }
            else if (index < arguments.Length)
            {
                PropertyText.Append(text, arguments[index++], part.Format, part.Alignment);
            }
            else if (TryFind(properties, part.Name, out var value))
            {
                PropertyText.Append(text, value, part.Format, part.Alignment);
            }
            else
            {
                text.WriteBytes(part.TextUtf8);
            }
        }

        return text.Written;
    }

    private static bool TryFind(IReadOnlyList<LogProperty>? properties, string name, out object? value)
    {
        for (var i = 0; i < (properties?.Count ?? 0); i++)
        {
            if (string.Equals(properties![i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                value = properties[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}
