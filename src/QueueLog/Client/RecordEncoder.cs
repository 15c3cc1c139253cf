using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>Encodes a record into its thread's own buffer, so that the values' own code never runs under a lock.</summary>
internal static class RecordEncoder
{
    private const int KeepCapacity = 256 * 1024;

    // Taken while in use: a value's own code may log, too.
    [ThreadStatic]
    private static ByteWriter? scratch;

    /// <summary>Encodes a draft with the sequence left at 0.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="clock">Tells its time.</param>
    /// <param name="wantsProperties">Whether its properties are to be kept besides its message. Default: yes.</param>
    /// <param name="isHeld">Whether it is held back for now. Default: no.</param>
    /// <returns>The thread's buffer with the record, length prefix included; valid until the thread's next call.</returns>
    public static ByteWriter Encode(scoped in RecordDraft draft, LocalClock clock, bool wantsProperties = true, bool isHeld = false)
    {
        var thread = wantsProperties && ProcessContext.Thread is { } threadOf ? threadOf() : 0;
        clock.Now(out var utcTicks, out var offsetMinutes);
        var output = Begin();
        var (item, attempt) = ProcessContext.Item;
        if (draft.Template is not null)
        {
            var original = draft.Template.Contains('{') && MessageTemplate.Of(draft.Template) is { HoleCount: > 0 } made ? made.TextUtf8 : null;
            WriteHead(output, utcTicks, offsetMinutes, draft.Level, OptionalFields(item, attempt, original, draft.Category, draft.Process, draft.Exception, thread > 0 || (wantsProperties && draft.Properties is { Count: > 0 })) | RareFields(draft.Caller, draft.IsInStreams, isHeld));
            output.WriteText(draft.Message);
            WriteTail(output, item, attempt, original, draft.Category, draft.Process, Environment.ProcessId, null, draft.Caller, draft.Exception);
            if (wantsProperties)
            {
                WriteProperties(output, draft.Properties, 0);
                WriteThread(output, thread, draft.Properties?.Count ?? 0);
            }

            return End(output);
        }

        if (draft.Arguments.IsEmpty && draft.Properties is null)
        {
            WriteHead(output, utcTicks, offsetMinutes, draft.Level, OptionalFields(item, attempt, null, draft.Category, draft.Process, draft.Exception, thread > 0) | RareFields(draft.Caller, draft.IsInStreams, isHeld));
            output.WriteText(draft.Message);
            WriteTail(output, item, attempt, null, draft.Category, draft.Process, Environment.ProcessId, null, draft.Caller, draft.Exception);
            WriteThread(output, thread, 0);
            return End(output);
        }

        var template = MessageTemplate.Of(draft.Message);
        var kept = template.HoleCount > 0 ? template.TextUtf8 : null;
        WriteHead(output, utcTicks, offsetMinutes, draft.Level, OptionalFields(item, attempt, kept, draft.Category, draft.Process, draft.Exception, wantsProperties) | RareFields(draft.Caller, draft.IsInStreams, isHeld));
        var message = output.BeginText();
        Render(output, template, draft.Arguments, draft.Properties);
        output.EndText(message);
        WriteTail(output, item, attempt, kept, draft.Category, draft.Process, Environment.ProcessId, null, draft.Caller, draft.Exception);
        if (wantsProperties)
        {
            WriteArguments(output, template, draft.Arguments);
            WriteProperties(output, draft.Properties, draft.Arguments.Length);
            WriteThread(output, thread, draft.Arguments.Length + (draft.Properties?.Count ?? 0));
        }

        return End(output);
    }

    /// <summary>Encodes a record that was built by hand; what it leaves out is filled in.</summary>
    /// <param name="record">The record.</param>
    /// <param name="clock">Tells the time of one that has none.</param>
    /// <param name="wantsProperties">As above.</param>
    /// <param name="isHeld">As above.</param>
    /// <returns>As <see cref="Encode"/>.</returns>
    public static ByteWriter Encode(LogRecord record, LocalClock clock, bool wantsProperties = true, bool isHeld = false)
    {
        clock.Now(out var utcTicks, out var offsetMinutes);
        if (record.Timestamp is { } moment)
        {
            utcTicks = moment.UtcTicks;
            offsetMinutes = (short)moment.Offset.TotalMinutes;
        }

        var output = Begin();
        var current = ProcessContext.Item;
        var item = record.Item ?? current.Index;
        var attempt = record.Attempt ?? (record.Item is null ? current.Attempt : 1);
        var process = record.Process ?? (record.Pid is null ? null : ProcessContext.Identity.Name);
        var template = record.Template is null ? null : Encoding.UTF8.GetBytes(record.Template);
        var flags = OptionalFields(item, attempt, template, record.Category, process, record.Exception, wantsProperties && record.Properties.Count > 0);
        WriteHead(output, utcTicks, offsetMinutes, record.Level, flags | (record.Worker is null ? 0 : RecordFlags.Worker) | RareFields(record.Caller, record.IsInStreams, isHeld));
        output.WriteText(record.Message);
        WriteTail(output, item, attempt, template, record.Category, process, record.Pid ?? Environment.ProcessId, record.Worker, record.Caller, record.Exception);
        if (wantsProperties)
        {
            WriteProperties(output, record.Properties, 0);
        }

        return End(output);
    }

    /// <summary>The message of a draft with its holes filled.</summary>
    public static string RenderText(scoped in RecordDraft draft)
    {
        var text = new ByteWriter();
        Render(text, MessageTemplate.Of(draft.Message), draft.Arguments, draft.Properties);
        return Encoding.UTF8.GetString(text.Written);
    }

    private static ByteWriter Begin()
    {
        var output = scratch ?? new ByteWriter();
        scratch = null;
        output.Clear(KeepCapacity);
        output.WriteInt32(0);
        return output;
    }

    private static ByteWriter End(ByteWriter output)
    {
        output.PatchInt32(0, output.Length - RecordCodec.LengthPrefix);
        scratch = output;
        return output;
    }

    private static RecordFlags OptionalFields(long item, int attempt, byte[]? template, string? category, string? process, ExceptionInfo? exception, bool properties) =>
        (item < 0 ? 0 : attempt > 1 ? RecordFlags.Item | RecordFlags.Attempt : RecordFlags.Item)
        | (template is null ? 0 : RecordFlags.Template)
        | (category is null ? 0 : RecordFlags.Category)
        | (process is null ? 0 : RecordFlags.Process)
        | (exception is null ? 0 : RecordFlags.Exception)
        | (properties ? RecordFlags.Properties : 0);

    private static RecordFlags RareFields(string? caller, bool isInStreams, bool isHeld) =>
        (caller is null ? 0 : RecordFlags.Caller) | (SinkCode.ListenerAddress is not null ? RecordFlags.FromSink : 0) | (isInStreams ? RecordFlags.InStreams : 0) | (isHeld ? RecordFlags.Held : 0);

    private static void WriteHead(ByteWriter output, long utcTicks, short offsetMinutes, LogLevel level, RecordFlags flags) =>
        RecordCodec.WriteHead(output, utcTicks, offsetMinutes, level > LogLevel.Critical ? LogLevel.Critical : level, flags);

    private static void WriteTail(ByteWriter output, long item, int attempt, byte[]? template, string? category, string? process, int pid, string? worker, string? caller, ExceptionInfo? exception)
    {
        if (item >= 0)
        {
            output.WriteInt64(item);
            if (attempt > 1)
            {
                output.WriteVarInt(attempt);
            }
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

        if (caller is not null)
        {
            output.WriteText(caller);
        }

        if (exception is not null)
        {
            output.WriteText(exception.Type);
            output.WriteText(exception.Message);
            output.WriteText(exception.StackTrace ?? "");
        }
    }

    private static void WriteArguments(ByteWriter output, MessageTemplate template, scoped TemplateArguments arguments)
    {
        var names = template.NamesOf(arguments.Length);
        var most = Math.Min(arguments.Length, ProtocolLimits.MaxProperties);
        for (var index = 0; index < most; index++)
        {
            // More arguments than names: they are kept all the same, by their position.
            arguments.WriteProperty(output, index, index < names.Length ? names[index] : Encoding.UTF8.GetBytes($"Argument{index}"), template.CaptureOf(index, arguments.Length));
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

    private static void WriteThread(ByteWriter output, int thread, int before)
    {
        if (thread > 0 && before < ProtocolLimits.MaxProperties)
        {
            RecordCodec.WriteProperty(output, "Thread"u8, thread);
        }
    }

    private static void Render(ByteWriter text, MessageTemplate template, scoped TemplateArguments arguments, IReadOnlyList<LogProperty>? properties)
    {
        foreach (var part in template.Parts)
        {
            if (part.Name is null)
            {
                text.WriteBytes(part.TextUtf8);
            }
            else if (template.ArgumentOf(part, arguments.Length) is var index && index < arguments.Length)
            {
                arguments.AppendText(text, index, part);
            }
            else if (TryFind(properties, part.Name, out var value))
            {
                ValueText.Append(text, CapturedValue.Of(value, part.Capture), part.Format, part.Alignment);
            }
            else
            {
                text.WriteBytes(part.TextUtf8);
            }
        }
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
