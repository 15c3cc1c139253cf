using System.Management.Automation;
using QueueLog.Records;
using QueueLog.Workers;

namespace QueueLog.PowerShell;

/// <content>The pool's.</content>
internal static partial class Errors
{
    /// <summary>WorkerDied: the worker's process ended while it was at the item.</summary>
    public static ErrorRecord WorkerDied(ItemLost lost)
    {
        var lines = lost.Death.LastLines.Length == 0 ? "" : " Its last lines: " + string.Join(" | ", lost.Death.LastLines);
        return new ErrorRecord(
            new WorkerItemException($"{lost.Worker} (process {lost.Death.Pid}) {lost.Death.Describe()} at item {lost.Item.Index}, '{Shorten(lost.Item.Input)}'. The item may have been done in part and is not run again.{lines}")
            {
                Worker = lost.Worker,
                Item = lost.Item.Index,
            },
            "WorkerDied",
            ErrorCategory.OperationStopped,
            lost.Item.Input);
    }

    /// <summary>WorkerStartFailed, InitializationFailed, ScriptBlockDoesNotParse and whatever else ends a whole run.</summary>
    public static ErrorRecord RunFailed(RunFailure failure, object? target)
    {
        var (category, next) = failure.ErrorId switch
        {
            "ScriptBlockDoesNotParse" => (ErrorCategory.ParserError, " Workers know no types of this session; load them with -InitializationScript."),
            "InitializationFailed" => (ErrorCategory.InvalidOperation, " Correct the -InitializationScript."),
            "WorkerStartFailed" => (ErrorCategory.ResourceUnavailable, " Run the same program by hand to see what keeps it from starting."),
            "ResultsUnusable" => (ErrorCategory.InvalidResult, " Look for a handler of the job's events."),
            _ => (ErrorCategory.OperationStopped, ""),
        };
        return New(failure.ErrorId, category, target, failure.Message + next);
    }

    /// <summary>ItemNotSerializable: an input cannot be sent to a worker.</summary>
    public static ErrorRecord ItemNotSerializable(object? input, long index, ValueNotSerializableException e) => New(
        "ItemNotSerializable",
        ErrorCategory.InvalidData,
        input,
        $"Item {index} cannot be sent to a worker: {e.Message} Pipe in a name or a path instead, and open it in the script block.", e);

    /// <summary>ArgumentNotSerializable: an argument or a <c>$using:</c> value cannot be sent to the workers.</summary>
    public static ErrorRecord ArgumentNotSerializable(string what, object? value, ValueNotSerializableException e) => New(
        "ArgumentNotSerializable",
        ErrorCategory.InvalidArgument,
        value,
        $"{what} cannot be sent to the workers: {e.Message} Pass what it is made from, and make it in -InitializationScript.", e);

    /// <summary>UsingVariableUndefined: a <c>$using:</c> expression names a variable that is not there.</summary>
    public static ErrorRecord UsingVariableUndefined(string expression) => New(
        "UsingVariableUndefined",
        ErrorCategory.InvalidArgument,
        expression,
        $"The value of '{expression}' cannot be had: there is no such variable here. Assign it before the pool is started.");

    /// <summary>ScriptBlockMissing: there is input, or an option for items, and nothing to run.</summary>
    public static ErrorRecord ScriptBlockMissing() => New(
        "ScriptBlockMissing",
        ErrorCategory.InvalidArgument,
        null,
        "There is nothing to run. Give a -ScriptBlock, or leave out the input: then the pool stands warm for Invoke-WorkerPool -Name.");

    /// <summary>PoolNameInUse: another living pool of this session has the name.</summary>
    public static ErrorRecord PoolNameInUse(string name) => New(
        "PoolNameInUse",
        ErrorCategory.ResourceExists,
        name,
        $"There is a pool named '{name}' already. Choose another name, or end that one with Stop-WorkerPool -Name '{name}'.");

    /// <summary>PoolNotFound: no living pool has the name.</summary>
    public static ErrorRecord PoolNotFound(string name) => New(
        "PoolNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        $"There is no pool named '{name}'. Get-WorkerPool lists those there are; Start-WorkerPool -Name '{name}' starts one.");

    /// <summary>PoolNotWarm: the pool has a script block of its own and ends with it.</summary>
    public static ErrorRecord PoolNotWarm(string name) => New(
        "PoolNotWarm",
        ErrorCategory.InvalidOperation,
        name,
        $"The pool '{name}' runs its own script block and then ends. Start-WorkerPool without a script block starts one that stands warm.");

    /// <summary>PoolBusy: the pipeline that asks is itself using the pool, so waiting for it would never end.</summary>
    public static ErrorRecord PoolBusy(string name) => New(
        "PoolBusy",
        ErrorCategory.ResourceBusy,
        name,
        $"The pool '{name}' is already at work for this very pipeline. Give the second command a pool of its own.");

    /// <summary>PoolEnded: the pool ended before its work was done.</summary>
    public static ErrorRecord PoolEnded(string name) => New(
        "PoolEnded",
        ErrorCategory.ResourceUnavailable,
        name,
        $"The pool '{name}' has ended. Start another with Start-WorkerPool.");

    /// <summary>WorkerHostNotFound: there is no program to run workers in.</summary>
    public static ErrorRecord WorkerHostNotFound(WorkerHostNotFoundException e) => new(e, "WorkerHostNotFound", ErrorCategory.ObjectNotFound, null);

    /// <summary>PoolStartFailed: the state folder or the pool's pipe cannot be used.</summary>
    public static ErrorRecord PoolStartFailed(Exception e) => New(
        "PoolStartFailed",
        ErrorCategory.ResourceUnavailable,
        null,
        $"The pool cannot be started: {e.Message} Set QUEUELOG_STATE to a folder of your own if this one cannot be used.", e);

    /// <summary>NotAWorker: the worker's side was called by something else than a pool.</summary>
    public static ErrorRecord NotAWorker() => New(
        "NotAWorker",
        ErrorCategory.InvalidOperation,
        null,
        "Invoke-WorkerLoop is what pools start in their workers; it does nothing elsewhere. Use Start-WorkerPool.");

    private static string Shorten(object? value)
    {
        const int Longest = 100;
        string text;
        try
        {
            text = value?.ToString() ?? "$null";
        }
#pragma warning disable CA1031 // a hostile ToString must not hide the error it is to be named in
        catch (Exception)
#pragma warning restore CA1031
        {
            text = value!.GetType().Name;
        }

        return text.Length <= Longest ? text : text[..Longest] + "…";
    }
}
