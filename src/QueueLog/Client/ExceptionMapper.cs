using System.Globalization;
using System.Reflection;
using System.Text;
using QueueLog.Records;

namespace QueueLog.Client;

/// <summary>What a log keeps of a .NET exception.</summary>
internal static class ExceptionMapper
{
    // An exception may hold itself, or thousands of others.
    private const int MostShown = 20;
    private const int MostFollowed = 10_000;

    /// <summary>Type and message of the exception; its stack, and below it each exception that it holds, with its own.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="stackTrace">A better stack than the exception's own, such as the script's.</param>
    public static ExceptionInfo Of(Exception exception, string? stackTrace = null)
    {
        var stack = new StringBuilder(stackTrace ?? exception.StackTrace);
        var inner = new List<Exception>();
        Collect(exception, inner);
        for (var i = 0; i < inner.Count; i++)
        {
            // The last one is the root cause, which matters most: what is left out stands before it.
            var left = inner.Count - MostShown;
            if (left > 0 && i == MostShown - 1)
            {
                AppendLine(stack, string.Create(CultureInfo.InvariantCulture, $"---> ({left} more, left out)"));
                i += left;
            }

            AppendLine(stack, $"---> {inner[i].GetType().FullName}: {inner[i].Message}");
            if (inner[i].StackTrace is { } innerStack)
            {
                stack.Append('\n').Append(innerStack);
            }
        }

        return new ExceptionInfo(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, stack.Length == 0 ? null : stack.ToString());
    }

    // Depth first, without recursion: a chain may be longer than the stack is deep.
    private static void Collect(Exception exception, List<Exception> found)
    {
        var known = new HashSet<Exception>(ReferenceEqualityComparer.Instance) { exception };
        var next = new Stack<Exception>();
        PushInner(exception, next);
        while (found.Count < MostFollowed && next.TryPop(out var inner))
        {
            if (known.Add(inner))
            {
                found.Add(inner);
                PushInner(inner, next);
            }
        }
    }

    private static void PushInner(Exception exception, Stack<Exception> next)
    {
        IEnumerable<Exception?> all = exception switch
        {
            AggregateException aggregate => aggregate.InnerExceptions,
            ReflectionTypeLoadException load => load.LoaderExceptions,
            _ => [exception.InnerException],
        };
        foreach (var inner in all.Reverse())
        {
            if (inner is not null)
            {
                next.Push(inner);
            }
        }
    }

    private static void AppendLine(StringBuilder text, string line)
    {
        if (text.Length > 0)
        {
            text.Append('\n');
        }

        text.Append(line);
    }
}
