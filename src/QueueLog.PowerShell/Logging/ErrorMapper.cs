using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
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
        Exception = ToBytes(error.Exception),
        Position = EngineError.PositionOf(error),
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
            Input = item?.Input,
            RemoteType = error.ExceptionType,
            RemotePosition = error.PositionMessage,
        };
        if (error.Exception.Length > 0)
        {
            EngineError.SetSerialized(exception, ValueSerializer.Read(error.Exception));
        }

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

        EngineError.Complete(record, error);
        return record;
    }

    /// <summary>Has an error of an item name it where it is shown; one that brings a text of its own for that is left with it.</summary>
    public static void NameItem(ErrorRecord record)
    {
        if (record is { ErrorDetails: null, Exception: WorkerItemException { Item: >= 0, RemoteType.Length: > 0 } error })
        {
            record.ErrorDetails = new ErrorDetails($"{error.Message} ({PoolErrors.NameOf(error.Item, error.Input)})");
        }
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
}
