using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>What a logger asks of the layer that knows scripts and their errors.</summary>
/// <param name="DescribeError">What of the engine's own error object is to be logged; null for anything else.</param>
/// <param name="FindCaller">The line of the script that is running on this thread; null where none is.</param>
internal sealed record LoggerEngine(Func<object, (string Message, ExceptionInfo Exception)?> DescribeError, Func<string?> FindCaller);
