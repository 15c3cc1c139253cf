using QueueLog.Records;

namespace QueueLog.Extensions.Logging;

/// <summary>Stands for the exception of a record, which may be of a type and a process of its own: it says what that one said.</summary>
public sealed class RecordedException : Exception
{
    internal RecordedException(ExceptionInfo info)
        : base(info.Message)
    {
        OriginalType = info.Type;
        StackTrace = info.StackTrace;
    }

    /// <summary>Full name of the exception's own type.</summary>
    public string OriginalType { get; }

    /// <summary>The stack as it was recorded: a script's, say.</summary>
    public override string? StackTrace { get; }

    /// <summary>Type, message and stack of the original.</summary>
    public override string ToString() => StackTrace is { Length: > 0 } stack ? $"{OriginalType}: {Message}\n{stack}" : $"{OriginalType}: {Message}";
}
