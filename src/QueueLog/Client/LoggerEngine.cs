using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>What a logger asks of the layer that knows scripts and their errors.</summary>
/// <param name="DescribeError">What of the engine's own error object is to be logged; null for anything else.</param>
/// <param name="ToValue">A value without the engine's wrappers, in whatever depth; most are themselves.</param>
/// <param name="FindCaller">The line of the script that is running on this thread; null where none is.</param>
/// <param name="TryShow">Shows a line where no listener takes it, as the running script wants to have such lines; false where no script runs.</param>
internal sealed record LoggerEngine(Func<object, (string Message, ExceptionInfo Exception)?> DescribeError, Func<object?, object?> ToValue, Func<string?> FindCaller, Func<UndeliveredLine, bool> TryShow);

/// <summary>A record that no listener takes.</summary>
/// <param name="Line">The record as a line.</param>
/// <param name="IsFirst">Whether it is the process's first, which is to be warned of.</param>
/// <param name="Refusal">Why a listener that is there does not take it; null where there is none.</param>
internal readonly record struct UndeliveredLine(string Line, bool IsFirst, string? Refusal);
