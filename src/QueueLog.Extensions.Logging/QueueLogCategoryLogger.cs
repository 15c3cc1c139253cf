using Microsoft.Extensions.Logging;
using QueueLog.Client;
using QueueLog.Records;
using Level = QueueLog.Records.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace QueueLog.Extensions.Logging;

/// <summary>Makes a record of each call. Whatever the program's own code does meanwhile, the call does not fail.</summary>
internal sealed class QueueLogCategoryLogger(string category, QueueLogLoggerProvider provider) : ILogger
{
    /// <summary>Whether the listener takes the level at this moment. Without one every level is worth a call: it is counted.</summary>
    public bool IsEnabled(LogLevel level) => IsLevel(level) && (provider.Link.Client is not { } client || (Level)level >= client.MinimumLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes.Push(state);

    public void Log<TState>(LogLevel level, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsLevel(level))
        {
            return;
        }

        var link = provider.Link;
        try
        {
            var client = link.Client;
            if (client is null ? !link.Miss((Level)level) : (Level)level < client.MinimumLevel)
            {
                return;
            }

            var properties = PropertyCollector.Rent();
            Collect(properties, eventId, state);
            var draft = new RecordDraft
            {
                Level = (Level)level,
                Message = MessageOf(state, exception, formatter),
                Template = properties.Template ?? "",
                Properties = properties.Count > 0 ? properties.Items : null,
                Category = category,
                Process = provider.ProcessName,
                Exception = exception is null ? null : Describe(exception),
            };
            link.HandOver(client, draft);
            properties.Return();
        }
#pragma warning disable CA1031 // any exception: logging never takes its caller down
        catch (Exception e)
#pragma warning restore CA1031
        {
            link.Fail(e);
        }
    }

    private static bool IsLevel(LogLevel level) => level is >= LogLevel.Trace and <= LogLevel.Critical;

    private void Collect<TState>(PropertyCollector properties, EventId eventId, TState state)
    {
        try
        {
            properties.AddState(state);
            properties.AddEvent(eventId);
            properties.AddTrace();
            if (provider.IncludesScopes)
            {
                properties.AddScopes(provider.Scopes);
            }
        }
#pragma warning disable CA1031 // any exception: the values come from the program's own code; what is there so far is kept
        catch (Exception e)
#pragma warning restore CA1031
        {
            properties.AddFault(e);
        }
    }

    private static string MessageOf<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception) ?? "";
        }
#pragma warning disable CA1031 // any exception: a template with too few values throws here
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"(the message could not be formatted: {e.GetType().Name})";
        }
    }

    private static ExceptionInfo Describe(Exception exception)
    {
        try
        {
            return ExceptionMapper.Of(exception);
        }
#pragma warning disable CA1031 // any exception: an exception's message may be code, too
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ExceptionInfo(exception.GetType().FullName ?? "", $"(it has no message: {e.GetType().Name})", null);
        }
    }
}
