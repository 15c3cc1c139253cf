using System.Collections;
using System.Management.Automation;
using QueueLog.Client;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;

namespace QueueLog.PowerShell.Logging;

/// <summary>The engine's objects as records and parts of records.</summary>
internal static class RecordMapper
{
    /// <summary>Message, type and script stack trace of an error, once; the .NET stack where there is no script's.</summary>
    /// <returns>Null when there is neither an error nor an exception.</returns>
    public static (string Message, ExceptionInfo Exception)? Describe(ErrorRecord? error, Exception? exception)
    {
        var cause = error?.Exception ?? exception;
        if (cause is null)
        {
            return null;
        }

        error ??= (exception as IContainsErrorRecord)?.ErrorRecord;
        var message = error?.ErrorDetails?.Message ?? cause.Message;

        // The engine wraps what a script throws; where the wrapper adds nothing, the cause is what people look for.
        while (cause is RuntimeException && cause.InnerException is { } inner && inner.Message == cause.Message)
        {
            cause = inner;
        }

        var stack = string.IsNullOrEmpty(error?.ScriptStackTrace) ? null : error.ScriptStackTrace;
        if (stack is not null && ProcessContext.Identity.Worker is not null)
        {
            stack = ErrorMapper.WithoutWorker(stack);
        }

        return (message, ExceptionMapper.Of(cause, stack));
    }

    public static (string Message, ExceptionInfo Exception)? DescribeError(object error) =>
        Unwrap(error) is ErrorRecord record ? Describe(record, null) : null;

    public static LogProperties ToProperties(IDictionary values)
    {
        var properties = new LogProperty[values.Count];
        var index = 0;
        foreach (DictionaryEntry entry in values)
        {
            properties[index++] = new LogProperty(entry.Key.ToString() ?? "", RecordedValue.Of(entry.Value));
        }

        return new LogProperties(properties);
    }

    /// <summary>Arguments as the values they are: what came through a pipeline may be wrapped, and would travel as text.</summary>
    public static object?[]? ToValues(object?[]? arguments)
    {
        if (arguments is null || !Array.Exists(arguments, RecordedValue.IsOther))
        {
            return arguments;
        }

        // A copy: the array may be the script's own.
        return Array.ConvertAll(arguments, RecordedValue.Of);
    }

    /// <summary>Makes a record of what looks like one: a hashtable, a custom object, or a record that came back from another process.</summary>
    /// <returns>False when it is something else. True with a null record when its fields are wrong, which has been reported then.</returns>
    public static bool TryToRecord(Cmdlet cmdlet, object value, out LogRecord? record)
    {
        record = null;
        Func<string, object?> field;
        switch (Unwrap(value))
        {
            case LogRecord whole:
                record = whole;
                return true;
            case IDictionary fields when fields.Contains(nameof(LogRecord.Message)):
                field = name => fields[name];
                break;
            case PSCustomObject when value is PSObject view && view.Properties[nameof(LogRecord.Message)] is not null:
                field = name => view.Properties[name]?.Value;
                break;
            default:
                return false;
        }

        try
        {
            record = ToRecord(field);
        }
        catch (Exception e) when (e is PSInvalidCastException or ArgumentTransformationMetadataException)
        {
            cmdlet.WriteError(LogErrors.InvalidRecord(value, e));
        }

        return true;
    }

    /// <summary>A record as a draft, for showing it where no listener takes it.</summary>
    public static RecordDraft ToDraft(LogRecord record) =>
        new() { Level = record.Level, Message = record.Message, Category = record.Category, Exception = record.Exception };

    /// <summary>What was given beside a whole record, over what it says itself.</summary>
    public static LogRecord With(LogRecord record, LogLevel? level, string? category, LogProperties? properties, string? caller) => new()
    {
        Timestamp = record.Timestamp,
        Level = level ?? record.Level,
        Message = record.Message,
        Template = record.Template,
        Category = category ?? record.Category,
        Process = record.Process,
        Pid = record.Pid,
        Worker = record.Worker,
        Item = record.Item,
        Attempt = record.Attempt,
        Caller = record.Caller ?? caller,
        Sequence = record.Sequence,
        Properties = properties is null ? record.Properties : new LogProperties([.. record.Properties, .. properties]),
        Exception = record.Exception,
    };

    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static LogRecord ToRecord(Func<string, object?> field) => new()
    {
        Timestamp = Get<DateTimeOffset?>(field, nameof(LogRecord.Timestamp)),
        Level = Unwrap(field(nameof(LogRecord.Level))) is { } level
            ? LanguagePrimitives.ConvertTo<LogLevel>(LevelTransformationAttribute.Transform(level))
            : LogLevel.Information,
        Message = Get<string>(field, nameof(LogRecord.Message)) ?? "",
        Template = Get<string>(field, nameof(LogRecord.Template)),
        Category = Get<string>(field, nameof(LogRecord.Category)),
        Process = Get<string>(field, nameof(LogRecord.Process)),
        Pid = Get<int?>(field, nameof(LogRecord.Pid)),
        Worker = Get<string>(field, nameof(LogRecord.Worker)),
        Item = Get<long?>(field, nameof(LogRecord.Item)),
        Attempt = Get<int?>(field, nameof(LogRecord.Attempt)),
        Caller = Get<string>(field, nameof(LogRecord.Caller)),
        Properties = ToRecordProperties(field(nameof(LogRecord.Properties))),
        Exception = ToRecordException(field(nameof(LogRecord.Exception))),
    };

    private static T? Get<T>(Func<string, object?> field, string name) =>
        Unwrap(field(name)) is { } value ? LanguagePrimitives.ConvertTo<T>(value) : default;

    private static LogProperties ToRecordProperties(object? value) => Unwrap(value) switch
    {
        LogProperties properties => properties,
        IDictionary values => ToProperties(values),
        IEnumerable items and not string => new LogProperties(
            from item in items.Cast<object>()
            let view = PSObject.AsPSObject(item)
            where view.Properties["Name"] is not null
            select new LogProperty(view.Properties["Name"].Value?.ToString() ?? "", RecordedValue.Of(view.Properties["Value"]?.Value))),
        _ => LogProperties.Empty,
    };

    private static ExceptionInfo? ToRecordException(object? value) => Unwrap(value) switch
    {
        null => null,
        ExceptionInfo info => info,
        ErrorRecord error => Describe(error, null)?.Exception,
        Exception exception => Describe(null, exception)?.Exception,
        _ when PSObject.AsPSObject(value) is { } view && view.Properties["Type"] is { } type => new ExceptionInfo(
            type.Value?.ToString() ?? "",
            view.Properties["Message"]?.Value?.ToString() ?? "",
            view.Properties["StackTrace"]?.Value?.ToString()),
        var other => new ExceptionInfo(other.GetType().Name, other.ToString() ?? "", null),
    };
}
