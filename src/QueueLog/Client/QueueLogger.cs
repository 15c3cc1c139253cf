using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>The fast path for hot loops: an object that logs. Messages may have named holes: <c>$log.Info('item {Item}', 3)</c>.</summary>
/// <remarks>Thread-safe. Without a listener, records from Information on are shown, and the caller never fails.</remarks>
public sealed partial class QueueLogger
{
    private readonly string? address;
    private readonly LoggerEngine? engine;

    // The client of a listener that was named, once it was needed.
    private volatile LogClient? known;

    /// <param name="category">Category of its records; null for none.</param>
    /// <param name="address">Where they go; null for the session's listener, whichever that is when a record is written.</param>
    /// <param name="engine">Null outside an engine: then records name no caller.</param>
    internal QueueLogger(string? category, string? address, LoggerEngine? engine = null)
    {
        Category = category;
        this.address = address;
        this.engine = engine;
    }

    /// <summary>Category of the records, or null.</summary>
    public string? Category { get; }

    /// <summary>Whether a record of this level would be taken: worth asking before making an expensive message.</summary>
    public bool IsEnabled(LogLevel level) => MayWrite(level) && Client is { } client && level >= client.MinimumLevel;

    /// <summary>Logs at Trace.</summary>
    public void Trace(string message)
    {
        if (MayWrite(LogLevel.Trace))
        {
            Write(LogLevel.Trace, message);
        }
    }

    /// <summary>Logs at Trace, filling the message's holes.</summary>
    public void Trace(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Trace))
        {
            Write(LogLevel.Trace, message, arguments);
        }
    }

    /// <summary>Logs at Debug.</summary>
    public void Debug(string message)
    {
        if (MayWrite(LogLevel.Debug))
        {
            Write(LogLevel.Debug, message);
        }
    }

    /// <summary>Logs at Debug, filling the message's holes.</summary>
    public void Debug(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Debug))
        {
            Write(LogLevel.Debug, message, arguments);
        }
    }

    /// <summary>Logs at Information.</summary>
    public void Info(string message)
    {
        if (MayWrite(LogLevel.Information))
        {
            Write(LogLevel.Information, message);
        }
    }

    /// <summary>Logs at Information, filling the message's holes.</summary>
    public void Info(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Information))
        {
            Write(LogLevel.Information, message, arguments);
        }
    }

    /// <summary>Logs at Warning.</summary>
    public void Warning(string message)
    {
        if (MayWrite(LogLevel.Warning))
        {
            Write(LogLevel.Warning, message);
        }
    }

    /// <summary>Logs at Warning, filling the message's holes.</summary>
    public void Warning(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Warning))
        {
            Write(LogLevel.Warning, message, arguments);
        }
    }

    /// <summary>Logs at Error.</summary>
    public void Error(string message)
    {
        if (MayWrite(LogLevel.Error))
        {
            Write(LogLevel.Error, message);
        }
    }

    /// <summary>Logs at Error, filling the message's holes.</summary>
    public void Error(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Error))
        {
            Write(LogLevel.Error, message, arguments);
        }
    }

    /// <summary>Logs an exception or an error record, such as <c>$_</c> in a catch block, at Error: type, message and stack.</summary>
    public void Error(object error) => LogError(LogLevel.Error, error);

    /// <summary>Logs at Critical.</summary>
    public void Critical(string message)
    {
        if (MayWrite(LogLevel.Critical))
        {
            Write(LogLevel.Critical, message);
        }
    }

    /// <summary>Logs at Critical, filling the message's holes.</summary>
    public void Critical(string message, params object?[] arguments)
    {
        if (MayWrite(LogLevel.Critical))
        {
            Write(LogLevel.Critical, message, arguments);
        }
    }

    /// <summary>Logs an exception or an error record at Critical: type, message and stack.</summary>
    public void Critical(object error) => LogError(LogLevel.Critical, error);

    /// <summary>Logs at a level chosen at run time.</summary>
    public void Log(LogLevel level, string message, params object?[] arguments)
    {
        if (MayWrite(level))
        {
            Write(level, message, arguments);
        }
    }

    private LogClient? Client => address is null ? ClientRegistry.Get(ClientRegistry.DefaultAddress) : known is { IsClosed: false } client ? client : known = ClientRegistry.Get(address);

    // All that a record costs that no one wants: two reads and a comparison. Nothing is known of a default listener, which can
    // change at any time.
    private bool MayWrite(LogLevel level) => known is not { } client || level >= client.MinimumLevel;

    private void Write(LogLevel level, string message) => Write(new RecordDraft { Level = level, Message = message ?? "", Category = Category });

    private void Write(LogLevel level, string message, object?[] arguments) =>
        Write(new RecordDraft { Level = level, Message = message ?? "", Arguments = ToValues(arguments), Category = Category });

    private object?[] ToValues(object?[]? arguments) =>
        arguments is null ? [null] : engine is null ? arguments : Array.ConvertAll(arguments, argument => engine.ToValue(argument));

    private void LogError(LogLevel level, object error)
    {
        if (!MayWrite(level))
        {
            return;
        }

        if (error is Exception exception)
        {
            Write(new RecordDraft { Level = level, Message = exception.Message, Category = Category, Exception = ExceptionMapper.Of(exception) });
        }
        else if (error is not null && engine?.DescribeError(error) is { } described)
        {
            Write(new RecordDraft { Level = level, Message = described.Message, Category = Category, Exception = described.Exception });
        }
        else
        {
            Write(level, Wire.ValueText.Of(error));
        }
    }

    private void Write(scoped in RecordDraft draft)
    {
        if (Client is { } client && Write(client, draft) != WriteResult.NoListener)
        {
            return;
        }

        var asked = address ?? ClientRegistry.DefaultAddress;
        ClientRegistry.CountLost(asked, draft.Level);
        if (draft.Level < ClientRegistry.LowestShown)
        {
            return;
        }

        var undelivered = new UndeliveredLine(PlainLine.Of(draft), ClientRegistry.IsFirstUndelivered(), ClientRegistry.RefusalOf(asked));
        if (engine?.TryShow(undelivered) != true)
        {
            ShowOnError(undelivered);
        }
    }

    private static void ShowOnError(UndeliveredLine undelivered)
    {
        if (undelivered.IsFirst)
        {
            Console.Error.WriteLine(undelivered.Refusal is { } refusal
                ? $"QueueLog: {refusal} Records are shown here and not kept. Start a listener of your own with Start-LogListener."
                : "QueueLog: there is no listener; records are shown here. Start one with Start-LogListener.");
        }

        Console.Error.WriteLine(undelivered.Line);
    }

    private WriteResult Write(LogClient client, scoped in RecordDraft draft) =>
        client.WantsCaller && draft.Level >= client.MinimumLevel && engine?.FindCaller() is { } caller ? client.Write(draft with { Caller = caller }) : client.Write(draft);
}
