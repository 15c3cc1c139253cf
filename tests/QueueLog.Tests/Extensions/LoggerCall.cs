using Microsoft.Extensions.Logging;

namespace QueueLog.Tests.Extensions;

/// <summary>What a logger was called with.</summary>
internal sealed record LoggerCall(
    string Category, LogLevel Level, EventId Event, string Message, IReadOnlyList<KeyValuePair<string, object?>> State, Exception? Exception);
