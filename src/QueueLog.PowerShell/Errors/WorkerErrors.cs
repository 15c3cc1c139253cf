using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Session;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those that a worker makes. Some travel as id and text: their category is given in the session, by <see cref="PoolErrors.RunFailed"/>.</summary>
internal static class WorkerErrors
{
    /// <summary>ScriptBlockDoesNotParse: the text is no script here, where the types of the pool's session are not known.</summary>
    public static PreparationFailure ScriptBlockDoesNotParse(ParseException e) =>
        new("ScriptBlockDoesNotParse", $"The script block does not parse in the worker: {e.Message}");

    /// <summary>InitializationFailed: what is to be done before the first item ended with an error.</summary>
    public static PreparationFailure InitializationFailed(string worker, RuntimeException e) =>
        new("InitializationFailed", $"{worker} could not be initialized: {Reason(e)} {e.ErrorRecord?.InvocationInfo?.PositionMessage}");

    /// <summary>InitializationFailed: a module that the script block uses cannot be imported.</summary>
    public static PreparationFailure ImportFailed(string worker, string module, RuntimeException e) =>
        new("InitializationFailed", $"The module '{module}' cannot be imported in {worker}: {Reason(e)}");

    /// <summary>The initialization script ended its process, which is the pool's to end.</summary>
    public static RuntimeException ExitInInitialization() =>
        new("an initialization must not call 'exit'. Use 'throw' to say why the worker cannot be used, or 'return' to end the script.");

    /// <summary>The text of a warning: an error of the script for the end of a worker.</summary>
    public static string EndScriptFailed(string worker, ErrorRecord error)
    {
        var place = EngineError.PositionOf(error) is { File.Length: > 0 } position ? $" ({Path.GetFileName(position.File)}:{position.StartLine})" : "";
        return $"An error in the -EndScript of {worker}{place}: {error}";
    }

    /// <summary>OutputNotSerializable: an item's output cannot be sent to the pool.</summary>
    public static ErrorRecord OutputNotSerializable(ValueNotSerializableException e)
    {
        var failure = new RuntimeException($"An output of the item cannot be sent back: {e.Message} Return the parts that matter, or write it to a file.");
        return new ErrorRecord(failure, "OutputNotSerializable", ErrorCategory.InvalidData, null);
    }

    /// <summary>ItemExited: an item ended itself with an exit code that is not 0.</summary>
    public static ErrorRecord ItemExited(int code)
    {
        var failure = new RuntimeException($"The item ended with 'exit {code}'. Use 'exit 0' or 'return' to end an item that has not failed.");
        return new ErrorRecord(failure, "ItemExited", ErrorCategory.NotSpecified, null);
    }

    /// <summary>ProgramFailed: the last program of an item ended with an exit code that is not 0, and -FailOn ExitCode counts that.</summary>
    public static ErrorRecord ProgramFailed(int code)
    {
        var failure = new RuntimeException($"The last program of the item ended with exit code {code}. End the item with 'exit 0' where that is no failure, or omit -FailOn ExitCode.");
        return new ErrorRecord(failure, "ProgramFailed", ErrorCategory.NotSpecified, null);
    }

    // With -ErrorAction Stop the engine begins with that, and not with what is wrong.
    private static string Reason(RuntimeException e) => e is ActionPreferenceStopException { ErrorRecord.Exception.Message: { } message } ? message : e.Message;

    /// <summary>What an item threw; an exception that is none of the engine's has its type for an id.</summary>
    public static ErrorRecord Thrown(Exception e) =>
        e is RuntimeException failure ? failure.ErrorRecord : new ErrorRecord(e, e.GetType().Name, ErrorCategory.NotSpecified, null);
}
