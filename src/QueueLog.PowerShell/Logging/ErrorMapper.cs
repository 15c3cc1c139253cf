using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Logging;

/// <summary>Error records to what crosses of them, and back.</summary>
internal static class ErrorMapper
{
    [ThreadStatic]
    private static string? ownFrame;

    public static WorkError ToWork(ErrorRecord error) => new()
    {
        ExceptionType = error.Exception?.GetType().FullName ?? "",
        Message = error.Exception?.Message ?? "",
        ErrorId = error.FullyQualifiedErrorId ?? "",
        Category = (int)error.CategoryInfo.Category,
        Activity = error.CategoryInfo.Activity ?? "",
        Reason = error.CategoryInfo.Reason ?? "",
        TargetName = error.CategoryInfo.TargetName ?? "",
        TargetType = error.CategoryInfo.TargetType ?? "",
        ScriptStackTrace = WithoutWorker(error.ScriptStackTrace ?? ""),
        PositionMessage = error.InvocationInfo?.PositionMessage ?? "",
        Details = error.ErrorDetails?.Message ?? "",
        RecommendedAction = error.ErrorDetails?.RecommendedAction ?? "",
        Target = ToBytes(error.TargetObject),
    };

    /// <summary>Rebuilds an error.</summary>
    /// <param name="error">What crossed.</param>
    /// <param name="worker">Name of the worker.</param>
    /// <param name="item">The item; null for an error of the initialization.</param>
    /// <param name="endedItem">Whether the error ended its item: then the input is the target.</param>
    public static ErrorRecord ToRecord(WorkError error, string worker, WorkItem? item, bool endedItem)
    {
        var exception = new WorkerItemException(error.Message)
        {
            Worker = worker,
            Item = item?.Index ?? -1,
            RemoteType = error.ExceptionType,
            RemotePosition = error.PositionMessage,
        };
        var target = error.Target.Length == 0 ? null : ValueSerializer.Read(error.Target);
        var record = new ErrorRecord(exception, error.ErrorId, (ErrorCategory)error.Category, endedItem ? item?.Input : target ?? item?.Input);
        record.CategoryInfo.Activity = error.Activity;
        record.CategoryInfo.Reason = error.Reason;
        record.CategoryInfo.TargetName = error.TargetName;
        record.CategoryInfo.TargetType = error.TargetType;
        if (error.Details.Length > 0 || error.RecommendedAction.Length > 0)
        {
            record.ErrorDetails = new ErrorDetails(error.Details.Length > 0 ? error.Details : error.Message) { RecommendedAction = error.RecommendedAction };
        }

        if (error.ScriptStackTrace.Length > 0)
        {
            SetScriptStackTrace(record, error.ScriptStackTrace);
        }

        return record;
    }

    /// <summary>The calling thread is a worker's: its stack traces end in the command that started it.</summary>
    public static void BeginWorker() => ownFrame ??= Runspace.DefaultRunspace?.Debugger?.GetCallStack().LastOrDefault()?.ToString();

    /// <summary>Leaves out the frames that are the worker's own: the command that started it, and the middle of its pipeline.</summary>
    public static string WithoutWorker(string stackTrace)
    {
        if (ownFrame is null || !stackTrace.EndsWith(ownFrame, StringComparison.Ordinal))
        {
            return stackTrace;
        }

        var last = stackTrace.LastIndexOf('\n');
        if (last < 0)
        {
            return stackTrace;
        }

        var middle = stackTrace.LastIndexOf('\n', last - 1);
        var end = middle >= 0 && stackTrace.AsSpan(middle, last - middle).Contains("<Process>", StringComparison.Ordinal) ? middle : last;
        return stackTrace[..end].TrimEnd('\r');
    }

    private static byte[] ToBytes(object? target)
    {
        if (target is null)
        {
            return [];
        }

        try
        {
            return ValueSerializer.ToBytes(target);
        }
        catch (ValueNotSerializableException)
        {
            // The error itself matters more than what it was about.
            return [];
        }
    }

    private static void SetScriptStackTrace(ErrorRecord record, string stackTrace)
    {
        try
        {
            ScriptStackTraceOf(record) = stackTrace;
        }
        catch (MissingFieldException)
        {
            // An engine that keeps it elsewhere: the position is in the exception too.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptStackTrace")]
    private static extern ref string? ScriptStackTraceOf(ErrorRecord record);
}
