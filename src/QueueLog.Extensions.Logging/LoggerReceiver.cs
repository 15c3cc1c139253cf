using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using QueueLog.Records;
using QueueLog.Sinks;

namespace QueueLog.Extensions.Logging;

/// <summary>Forwards records to the loggers of a program: to one of each record's category, or all to one.</summary>
public sealed class LoggerReceiver : IRecordReceiver
{
    // As loggers are called whose record has no category.
    private const string NoCategory = "QueueLog";

    private readonly ILoggerFactory? factory;
    private readonly ILogger? single;
    private readonly ConcurrentDictionary<string, ILogger> loggers = new(StringComparer.Ordinal);

    /// <summary>Forwards each record to the logger of its category.</summary>
    /// <param name="factory">Makes the loggers. It stays the caller's: it is not disposed here.</param>
    public LoggerReceiver(ILoggerFactory factory) => this.factory = factory ?? throw new ArgumentNullException(nameof(factory));

    /// <summary>Forwards all records to one logger; the category becomes a value of the record.</summary>
    /// <param name="logger">The logger.</param>
    public LoggerReceiver(ILogger logger) => single = logger ?? throw new ArgumentNullException(nameof(logger));

    /// <summary>For a caller that does not know the types: a script, say.</summary>
    /// <param name="loggerOrFactory">An <see cref="ILoggerFactory"/> or an <see cref="ILogger"/>.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static LoggerReceiver Create(object loggerOrFactory) => loggerOrFactory switch
    {
        ILoggerFactory factory => new LoggerReceiver(factory),
        ILogger logger => new LoggerReceiver(logger),
        null => throw new ArgumentNullException(nameof(loggerOrFactory)),
        _ => throw new ArgumentException($"{loggerOrFactory.GetType()} is neither an ILoggerFactory nor an ILogger.", nameof(loggerOrFactory)),
    };

    /// <inheritdoc/>
    /// <remarks>A record that a logger refuses does not keep back those behind it.</remarks>
    public void Receive(IReadOnlyList<LogRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        ExceptionDispatchInfo? first = null;
        foreach (var record in records)
        {
            try
            {
                Forward(record);
            }
#pragma warning disable CA1031 // any exception: the loggers are the program's own; the first one is thrown below
            catch (Exception e)
#pragma warning restore CA1031
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
    }

    private void Forward(LogRecord record)
    {
        var logger = single ?? loggers.GetOrAdd(record.Category ?? NoCategory, factory!.CreateLogger);
        var level = (Microsoft.Extensions.Logging.LogLevel)record.Level;
        if (logger.IsEnabled(level))
        {
            var exception = record.Exception is { } info ? new RecordedException(info) : null;
            logger.Log(level, RecordState.EventOf(record), new RecordState(record, hasCategory: single is null), exception, static (state, _) => state.ToString());
        }
    }
}
