using Microsoft.Extensions.Logging;

namespace QueueLog.Tests.Extensions;

/// <summary>Keeps what its loggers are called with.</summary>
internal sealed class CollectingLoggers : ILoggerFactory
{
    public LogLevel MinimumLevel { get; init; }

    /// <summary>The message upon which a logger throws.</summary>
    public string? Refused { get; init; }

    public List<LoggerCall> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(string category, CollectingLoggers owner) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner.MinimumLevel;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            if (message == owner.Refused)
            {
                throw new InvalidOperationException("refused");
            }

            var values = Assert.IsType<IReadOnlyList<KeyValuePair<string, object?>>>(state, exactMatch: false);
            owner.Entries.Add(new LoggerCall(category, logLevel, eventId, message, [.. values], exception));
        }
    }
}
