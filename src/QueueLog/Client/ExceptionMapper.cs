using System.Text;
using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>What a log keeps of a .NET exception.</summary>
internal static class ExceptionMapper
{
    // An exception may hold itself, or thousands of others.
    private const int MaxInner = 20;

    /// <summary>Type and message of the exception; its stack, and below it each inner exception with its own.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="stackTrace">A better stack than the exception's own, such as the script's.</param>
    public static ExceptionInfo Of(Exception exception, string? stackTrace = null)
    {
        var stack = new StringBuilder(stackTrace ?? exception.StackTrace);
        var depth = 0;
        for (var inner = exception.InnerException; inner is not null && depth < MaxInner; inner = inner.InnerException, depth++)
        {
            if (stack.Length > 0)
            {
                stack.Append('\n');
            }

            stack.Append("---> ").Append(inner.GetType().FullName).Append(": ").Append(inner.Message);
            if (inner.StackTrace is { } innerStack)
            {
                stack.Append('\n').Append(innerStack);
            }
        }

        return new ExceptionInfo(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, stack.Length == 0 ? null : stack.ToString());
    }
}
