using QueueLog.Records;

namespace QueueLog.Client;

// One to three arguments, as nearly every message has them: no array is made for them, and nothing at all for whole numbers.
public sealed partial class QueueLogger
{
    /// <summary>Logs at Trace, filling the message's hole.</summary>
    public void Trace<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Trace))
        {
            Write(LogLevel.Trace, message, argument);
        }
    }

    /// <summary>Logs at Trace, filling the message's two holes.</summary>
    public void Trace<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Trace))
        {
            Write(LogLevel.Trace, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Trace, filling the message's three holes.</summary>
    public void Trace<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Trace))
        {
            Write(LogLevel.Trace, message, argument1, argument2, argument3);
        }
    }

    /// <summary>Logs at Debug, filling the message's hole.</summary>
    public void Debug<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Debug))
        {
            Write(LogLevel.Debug, message, argument);
        }
    }

    /// <summary>Logs at Debug, filling the message's two holes.</summary>
    public void Debug<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Debug))
        {
            Write(LogLevel.Debug, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Debug, filling the message's three holes.</summary>
    public void Debug<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Debug))
        {
            Write(LogLevel.Debug, message, argument1, argument2, argument3);
        }
    }

    /// <summary>Logs at Information, filling the message's hole.</summary>
    public void Info<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Information))
        {
            Write(LogLevel.Information, message, argument);
        }
    }

    /// <summary>Logs at Information, filling the message's two holes.</summary>
    public void Info<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Information))
        {
            Write(LogLevel.Information, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Information, filling the message's three holes.</summary>
    public void Info<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Information))
        {
            Write(LogLevel.Information, message, argument1, argument2, argument3);
        }
    }

    /// <summary>Logs at Warning, filling the message's hole.</summary>
    public void Warning<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Warning))
        {
            Write(LogLevel.Warning, message, argument);
        }
    }

    /// <summary>Logs at Warning, filling the message's two holes.</summary>
    public void Warning<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Warning))
        {
            Write(LogLevel.Warning, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Warning, filling the message's three holes.</summary>
    public void Warning<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Warning))
        {
            Write(LogLevel.Warning, message, argument1, argument2, argument3);
        }
    }

    /// <summary>Logs at Error, filling the message's hole.</summary>
    public void Error<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Error))
        {
            Write(LogLevel.Error, message, argument);
        }
    }

    /// <summary>Logs at Error, filling the message's two holes.</summary>
    public void Error<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Error))
        {
            Write(LogLevel.Error, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Error, filling the message's three holes.</summary>
    public void Error<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Error))
        {
            Write(LogLevel.Error, message, argument1, argument2, argument3);
        }
    }

    /// <summary>Logs at Critical, filling the message's hole.</summary>
    public void Critical<T>(string message, T argument)
    {
        if (MayWrite(LogLevel.Critical))
        {
            Write(LogLevel.Critical, message, argument);
        }
    }

    /// <summary>Logs at Critical, filling the message's two holes.</summary>
    public void Critical<T1, T2>(string message, T1 argument1, T2 argument2)
    {
        if (MayWrite(LogLevel.Critical))
        {
            Write(LogLevel.Critical, message, argument1, argument2);
        }
    }

    /// <summary>Logs at Critical, filling the message's three holes.</summary>
    public void Critical<T1, T2, T3>(string message, T1 argument1, T2 argument2, T3 argument3)
    {
        if (MayWrite(LogLevel.Critical))
        {
            Write(LogLevel.Critical, message, argument1, argument2, argument3);
        }
    }

    // An array is the arguments, as it is where there may be any number of them.
    private void Write<T>(LogLevel level, string message, T argument)
    {
        if (argument is object?[] arguments)
        {
            Write(level, message, arguments);
        }
        else
        {
            Write(level, message, [TemplateArgument.Of(argument, engine)]);
        }
    }

    private void Write<T1, T2>(LogLevel level, string message, T1 argument1, T2 argument2) =>
        Write(level, message, [TemplateArgument.Of(argument1, engine), TemplateArgument.Of(argument2, engine)]);

    private void Write<T1, T2, T3>(LogLevel level, string message, T1 argument1, T2 argument2, T3 argument3) =>
        Write(level, message, [TemplateArgument.Of(argument1, engine), TemplateArgument.Of(argument2, engine), TemplateArgument.Of(argument3, engine)]);

    private void Write(LogLevel level, string message, scoped ReadOnlySpan<TemplateArgument> arguments) =>
        Write(new RecordDraft { Level = level, Message = message ?? "", Arguments = new TemplateArguments(arguments), Category = Category });
}
