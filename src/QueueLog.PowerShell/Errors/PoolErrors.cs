using System.Collections;
using System.Globalization;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Queue.Submission;
using QueueLog.Records;
using QueueLog.Wire;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of pools, their runs and their items.</summary>
internal static class PoolErrors
{
    /// <summary>WorkerDied: the worker's process ended while it was at the item.</summary>
    public static ErrorRecord WorkerDied(ItemEnd end)
    {
        var death = end.Death!;
        return OfItem(
            end,
            "WorkerDied",
            ErrorCategory.OperationStopped,
            $"{(death.HostFate is null
                ? $"{end.Worker} (process {death.Pid}) {death.Describe()} at {NameOf(end.Item.Index, end.Item.Input)}{AfterAttempts(end)}"
                : $"Item {end.Item.Index}, '{Shorten(end.Item.Input)}'{AfterAttempts(end)}, {death.Describe()}")}. The item may have run in part and is not run again{(end.Attempt > 1 ? "" : " (-Retry runs it again)")}.{LastLinesOf(death)}");
    }

    /// <summary>ItemTimedOut: the item took longer than -TimeoutSeconds allows.</summary>
    public static ErrorRecord ItemTimedOut(ItemEnd end) => OfItem(
        end,
        "ItemTimedOut",
        ErrorCategory.OperationTimeout,
        $"Item {end.Item.Index}, '{Shorten(end.Item.Input)}', exceeded -TimeoutSeconds{AfterAttempts(end)}. {end.Worker} (process {end.Pid}) {(end.Death is null ? "stopped it" : "could not stop it and was killed with its child processes")}. Increase -TimeoutSeconds, or find what the item waits for.{LastLinesOf(end.Death)}");

    /// <summary>WorkerStartFailed, InitializationFailed, ScriptBlockDoesNotParse, RunHalted, RunTimedOut: what ends a whole run.</summary>
    public static ErrorRecord RunFailed(RunFailure failure, object? target)
    {
        if (failure is QueueFailed(var fault, var reason))
        {
            return QueueErrors.Failed(fault, reason, target);
        }

        var (id, text) = DescribeFailure(failure);
        var (category, next) = id switch
        {
            "ScriptBlockDoesNotParse" => (ErrorCategory.ParserError, " Workers do not have the types of this session; load them with -InitializationScript."),
            "InitializationFailed" => (ErrorCategory.InvalidOperation, " Correct the -InitializationScript, or the modules of -ImportModule."),
            "WorkerStartFailed" => (ErrorCategory.ResourceUnavailable, " Run the same program by hand to see why it does not start."),
            "RunTimedOut" => (ErrorCategory.OperationTimeout, " Increase -RunTimeoutSeconds, or run the rest with -JobLog and -Resume."),
            "NoHostTakesPart" => (ErrorCategory.ResourceUnavailable, " Start hosts with Start-WorkerHost, then run it again; Get-WorkerHost -Queue shows those there are, and what each refuses."),
            "RunSuperseded" => (ErrorCategory.ResourceExists, " Follow it there."),
            "RunHalted" => (ErrorCategory.OperationStopped, " Correct the cause and run the rest with -JobLog and -ResumeFailed, or allow more failures with -HaltAfter."),
            _ => (ErrorCategory.OperationStopped, ""),
        };
        return New(id, category, target, text + next);
    }

    private static string Describe(RunTimedOut run) => string.Create(
        CultureInfo.CurrentCulture,
        $"The run exceeded -RunTimeoutSeconds ({run.Limit.TotalSeconds:0.###} s): {Count(run.Ended)} had ended, {run.Stopped} {(run.Stopped == 1 ? "was" : "were")} stopped, {run.Skipped} {(run.Skipped == 1 ? "was" : "were")} not run{(run.Unknown == 0 ? "" : $"; the server of the queue does not answer, and what became of {run.Unknown} is not known")}.");

    /// <summary>The id and the text of what ends a run or a pool, as the log has them: without the next thing to try.</summary>
    public static (string ErrorId, string Reason) DescribeFailure(RunFailure failure) => failure switch
    {
        PreparationFailed(var (errorId, message)) => (errorId, message),
        RunTimedOut timedOut => ("RunTimedOut", Describe(timedOut)),
        RunHalted(var failed, var ended, var skipped) => ("RunHalted", $"{failed} of {ended} items failed, so {(skipped switch { 0 => "no others were begun", 1 => "1 other was not run", _ => $"{skipped} others were not run" })}."),
        WorkerNotSupplied(var worker, var reason) => ("WorkerStartFailed", $"{worker} cannot be started: {reason}"),
        ProgramNotStarted(var program, var reason) => ("WorkerStartFailed", $"'{program}' cannot be started: {reason}"),
        WorkerNeverReady(var worker, var death, var times) => ("WorkerStartFailed", $"{worker} {death.Describe()} before it was ready, {times} times in a row.{(death.LastLines.Length == 0 ? "" : " It wrote: " + string.Join(Environment.NewLine, death.LastLines))}"),
        _ => QueueErrors.Describe(failure) ?? throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };

    /// <summary>ResultsUnusable: what the items gave could not be put into a job's streams.</summary>
    public static ErrorRecord ResultsUnusable(Exception e, object? target)
    {
        // A job's own, of no command.
        var message = $"{e.Message} Check the handlers of the job's events, such as scripts of Register-ObjectEvent.";
        return New("ResultsUnusable", ErrorCategory.InvalidResult, target, message);
    }

    /// <summary>ItemNotSerializable: an input cannot be sent to a worker.</summary>
    public static ErrorRecord ItemNotSerializable(ItemEnd end) => OfItem(
        end,
        "ItemNotSerializable",
        ErrorCategory.InvalidData,
        $"Item {end.Item.Index}, '{Shorten(end.Item.Input)}', cannot be sent to a worker: {end.NotSent!.Message} Pipe in a name or a path instead, and open it in the script block.");

    /// <summary>ArgumentNotSerializable: an argument or a <c>$using:</c> value cannot be sent to the workers.</summary>
    public static ErrorRecord ArgumentNotSerializable(string what, object? value, ValueNotSerializableException e) => New(
        "ArgumentNotSerializable",
        ErrorCategory.InvalidArgument,
        value,
        $"{what} cannot be sent to the workers: {e.Message} Pass the data it is made from, and make it in -InitializationScript.", e);

    /// <summary>UsingVariableUndefined: a <c>$using:</c> expression names a variable that is not there.</summary>
    public static ErrorRecord UsingVariableUndefined(string expression) => New(
        "UsingVariableUndefined",
        ErrorCategory.InvalidArgument,
        expression,
        $"'{expression}' has no value: there is no such variable here. Assign it before the pool starts.");

    /// <summary>VariableUndefined: -Variable names a variable that is not there.</summary>
    public static ErrorRecord VariableUndefined(string name) => New(
        "VariableUndefined",
        ErrorCategory.ObjectNotFound,
        name,
        $"There is no variable '${name}' here. Assign it before the pool starts, or correct -Variable; names are given without the dollar sign.");

    /// <summary>VariableAutomatic: -Variable names a variable that every session has of its own.</summary>
    public static ErrorRecord VariableAutomatic(string name) => New(
        "VariableAutomatic",
        ErrorCategory.InvalidArgument,
        name,
        $"'${name}' is set by PowerShell itself, in each worker too. Assign its value to a variable of your own and name that.");

    /// <summary>The text of a warning: a variable fits a wildcard of -Variable and cannot be carried.</summary>
    public static string VariableLeftOut(string name, string reason) => $"'${name}' is not carried to the workers: {reason} Name it more narrowly in -Variable, or make its value in -InitializationScript.";

    /// <summary>ScriptBlockMissing: there is input, or an option for items, and nothing to run.</summary>
    public static ErrorRecord ScriptBlockMissing() => New(
        "ScriptBlockMissing",
        ErrorCategory.InvalidArgument,
        null,
        "There is nothing to run. Give a -ScriptBlock or a -FilePath, or omit the input to start a warm pool for Invoke-WorkerPool -Name.");

    /// <summary>ScriptBlockAmbiguous: a script block and a script file were given.</summary>
    public static ErrorRecord ScriptBlockAmbiguous(string path) => New(
        "ScriptBlockAmbiguous",
        ErrorCategory.InvalidArgument,
        path,
        "-ScriptBlock and -FilePath exclude each other: both are what runs. Omit one of them.");

    /// <summary>ScriptFileNotFound: -FilePath is no script file.</summary>
    public static ErrorRecord ScriptFileNotFound(string given, string resolved) => New(
        "ScriptFileNotFound",
        ErrorCategory.ObjectNotFound,
        given,
        $"'{resolved}' is not a script file. Give -FilePath the path of a .ps1 file.");

    /// <summary>ScriptFileUnusable: a script file does not parse, cannot be read, or may not be run.</summary>
    public static ErrorRecord ScriptFileUnusable(string path, string why, Exception e) => New(
        "ScriptFileUnusable",
        ErrorCategory.InvalidArgument,
        path,
        $"The script file '{path}' cannot be run. {why} Correct the file; Get-ExecutionPolicy shows which scripts may run.", e);

    /// <summary>WorkingDirectoryNotFound: -WorkingDirectory is no folder.</summary>
    public static ErrorRecord WorkingDirectoryNotFound(string given, string resolved) => New(
        "WorkingDirectoryNotFound",
        ErrorCategory.ObjectNotFound,
        given,
        $"The working directory '{(resolved.Length > 0 ? resolved : given)}' is not a folder in the file system. Create it, or give another -WorkingDirectory.");

    /// <summary>InvalidEnvironmentVariable: a name or value that no environment can hold.</summary>
    public static ErrorRecord InvalidEnvironmentVariable(string name, string why) => New(
        "InvalidEnvironmentVariable",
        ErrorCategory.InvalidArgument,
        name,
        $"The environment variable '{name}' cannot be set: {why}. Correct it in -EnvironmentVariable.");

    /// <summary>PoolNameInUse: another living pool of this session has the name.</summary>
    public static ErrorRecord PoolNameInUse(string name) => New(
        "PoolNameInUse",
        ErrorCategory.ResourceExists,
        name,
        $"A pool named '{name}' exists already. Choose another name, or end that pool with Stop-WorkerPool -Name '{name}'.");

    /// <summary>PoolNotFound: no living pool has the name.</summary>
    public static ErrorRecord PoolNotFound(string name) => New(
        "PoolNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        $"There is no pool named '{name}'. Get-WorkerPool lists the pools; Start-WorkerPool -Name '{name}' starts one.");

    /// <summary>NothingToWatch: no pool of the user has the name, or there is none at all.</summary>
    public static ErrorRecord NothingToWatch(string name) => New(
        "NothingToWatch",
        ErrorCategory.ObjectNotFound,
        name,
        name == "*"
            ? "None of your sessions has a pool. Start one with Start-WorkerPool or Invoke-WorkerPool; a session elsewhere must run as the same user."
            : $"None of your sessions has a pool named '{name}'. Get-WorkerPool -All lists the pools of all of them.");

    /// <summary>PoolNotWarm: the pool has a script block of its own and ends with it.</summary>
    public static ErrorRecord PoolNotWarm(string name) => New(
        "PoolNotWarm",
        ErrorCategory.InvalidOperation,
        name,
        $"The pool '{name}' runs its own script block and then ends. Start-WorkerPool without a script block starts a warm pool.");

    /// <summary>PoolBusy: the pipeline that asks is itself using the pool, so waiting for it would never end.</summary>
    public static ErrorRecord PoolBusy(string name) => New(
        "PoolBusy",
        ErrorCategory.ResourceBusy,
        name,
        $"The pool '{name}' already runs in this pipeline. Give the second command its own pool.");

    /// <summary>PoolEnded: the pool ended before its work was done.</summary>
    public static ErrorRecord PoolEnded(string name) => New(
        "PoolEnded",
        ErrorCategory.ResourceUnavailable,
        name,
        $"The pool '{name}' has ended. Start another with Start-WorkerPool.");

    /// <summary>Why the pool ended, when it has failed; <see cref="PoolEnded(string)"/> otherwise.</summary>
    public static ErrorRecord PoolEnded(IItemPool pool, object? target) => pool.Failure is { } failure ? RunFailed(failure, target) : PoolEnded(pool.Name);

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
        "Invoke-WorkerLoop runs only in worker processes, where a pool starts it. Use Start-WorkerPool.");

    /// <summary>InvalidHaltAfter: neither a number of failed items nor a percentage.</summary>
    public static ErrorRecord InvalidHaltAfter(string threshold) => New(
        "InvalidHaltAfter",
        ErrorCategory.InvalidArgument,
        threshold,
        $"'{threshold}' is not a threshold. Give -HaltAfter a number of failed items, such as 3, or a percentage, such as 20%.");

    /// <summary>BatchSplatted: the inputs of a batch are not arguments.</summary>
    public static ErrorRecord BatchSplatted() => New(
        "BatchSplatted",
        ErrorCategory.InvalidArgument,
        null,
        "-Batch and -Splat exclude each other: the block gets a batch as one array. Omit -Splat and go through the array with foreach.");

    /// <summary>HaltModeMissing: a threshold without what it is for.</summary>
    public static ErrorRecord HaltModeMissing() => New(
        "HaltModeMissing",
        ErrorCategory.InvalidArgument,
        null,
        "-HaltAfter needs -Halt. Add -Halt Soon or -Halt Now.");

    /// <summary>JobLogUnusable: the job log cannot be opened, or not be written any more.</summary>
    public static ErrorRecord JobLogUnusable(string path, Exception e) => New(
        "JobLogUnusable",
        ErrorCategory.WriteError,
        path,
        $"The job log '{path}' cannot be used: {e.Message} Give -JobLog a file in a folder that you may write to.", e);

    /// <summary>JobLogUnusable: the job log could not be written, so from here on it does not say what was finished.</summary>
    public static ErrorRecord JobLogBroken(string path, long index, Exception e) => New(
        "JobLogUnusable",
        ErrorCategory.WriteError,
        path,
        $"The job log '{path}' cannot be written: {e.Message} Item {index} and later items run but are not recorded, so -Resume would run them again. Free space for the file.", e);

    /// <summary>JobLogInUse: another run writes the job log.</summary>
    public static ErrorRecord JobLogInUse(string path, int? pid) => New(
        "JobLogInUse",
        ErrorCategory.ResourceBusy,
        path,
        $"The job log '{path}' is in use{(pid is null ? "" : $" by process {pid}")}. Wait for the run that writes it, or give this run another -JobLog.");

    /// <summary>JobLogMissing: there is no telling what a former run has finished.</summary>
    public static ErrorRecord JobLogMissing() => New(
        "JobLogMissing",
        ErrorCategory.InvalidArgument,
        null,
        "-Resume needs the job log of the former run. Name that file with -JobLog.");

    private static string Count(long items) => items == 1 ? "1 item" : $"{items} items";

    private static ErrorRecord OfItem(ItemEnd end, string id, ErrorCategory category, string message) =>
        new(new WorkerItemException(message) { Worker = end.Worker, Item = end.Item.Index, Input = end.Item.Input }, id, category, end.Item.Input);

    private static string AfterAttempts(ItemEnd end) => end.Attempt > 1 ? $", in attempt {end.Attempt}" : "";

    private static string LastLinesOf(WorkerDeath? death) =>
        death is null ? "" : Last(" Its last log lines: ", death.LastRecords) + Last(" Its last lines on standard error: ", death.LastLines);

    private static string Last(string title, string[] lines) => lines.Length == 0 ? "" : title + string.Join(" | ", lines);

    /// <summary>How a text names an item: by its index and its input.</summary>
    internal static string NameOf(long index, object? input) => string.Create(CultureInfo.InvariantCulture, $"item {index}, '{Shorten(input)}'");

    /// <summary>A value's text, or the beginning of it; of a list, hardly more is looked at than that.</summary>
    internal static string Shorten(object? value)
    {
        const int Longest = 100;
        string text;
        try
        {
            // The engine's own text of a wrapped sequence has all of its values, however many there are.
            text = RecordMapper.Unwrap(value) switch
            {
                null => "$null",
                ICollection values => CollectionText.Of(values, Longest),
                IEnumerable sequence => sequence.ToString() ?? "",
                _ => value!.ToString() ?? "",
            };
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
