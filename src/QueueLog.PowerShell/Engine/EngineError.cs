using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using QueueLog.Records;

namespace QueueLog.PowerShell.Engine;

/// <summary>What of an error record only the engine may read or set. An engine that keeps it elsewhere goes without it.</summary>
internal static class EngineError
{
    /// <summary>The piece of a script that an error names.</summary>
    /// <returns>Null when it names none.</returns>
    public static WorkErrorPosition? PositionOf(ErrorRecord error)
    {
        try
        {
            // Write-Error names the place that called the script it stands in, which for a block is the worker's own.
            var extent = error.InvocationInfo is { } info ? ScriptPositionOf(info) : null;
            return (extent is not null && IsOfScript(extent) ? extent : Running()) is { } found
                ? new WorkErrorPosition(
                    found.File ?? "",
                    found.StartLineNumber,
                    found.StartColumnNumber,
                    found.EndLineNumber,
                    found.EndColumnNumber,
                    found.StartScriptPosition.Line ?? "",
                    found.EndScriptPosition.Line ?? "")
                : null;
        }
        catch (MissingMemberException)
        {
            return null;
        }
    }

    /// <summary>Gives a record what its error had in the worker: id, position and stack of scripts.</summary>
    public static void Complete(ErrorRecord record, WorkError error)
    {
        try
        {
            // As it is, and without the command that passes it on.
            IdOf(record) = error.ErrorId;
            if (error.ScriptStackTrace.Length > 0)
            {
                ScriptStackTraceOf(record) = error.ScriptStackTrace;
            }

            if (error.Position is { } position)
            {
                InvocationInfoOf(record) = InvocationInfo.Create(null!, ToExtent(position));
                SetPreserved(record, true);
            }
        }
        catch (MissingMemberException)
        {
            // The position is in the exception too.
        }
    }

    /// <summary>Gives an exception that of the worker, as it came out of the serialization.</summary>
    public static void SetSerialized(RemoteException exception, object? serialized)
    {
        try
        {
            SerializedOf(exception) = serialized is null ? null : PSObject.AsPSObject(serialized);
        }
        catch (MissingMemberException)
        {
            // Type and message are in the exception too.
        }
    }

    private static bool IsOfScript(IScriptExtent extent) =>
        extent.StartLineNumber > 0
        && !(string.IsNullOrEmpty(extent.File) && extent.StartScriptPosition.Line is { } line
            && (line.Contains("$__QueueLog", StringComparison.Ordinal) || line.Contains("Invoke-WorkerLoop", StringComparison.Ordinal)));

    private static IScriptExtent? Running() =>
        Runspace.DefaultRunspace?.Debugger?.GetCallStack().FirstOrDefault()?.Position is { } position && IsOfScript(position) ? position : null;

    private static ScriptExtent ToExtent(WorkErrorPosition position)
    {
        var file = position.File.Length == 0 ? null : position.File;
        return new ScriptExtent(
            new ScriptPosition(file, position.StartLine, position.StartColumn, position.StartText),
            new ScriptPosition(file, position.EndLine, position.EndColumn, position.EndText));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ScriptPosition")]
    private static extern IScriptExtent? ScriptPositionOf(InvocationInfo info);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_serializedFullyQualifiedErrorId")]
    private static extern ref string? IdOf(ErrorRecord record);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptStackTrace")]
    private static extern ref string? ScriptStackTraceOf(ErrorRecord record);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_invocationInfo")]
    private static extern ref InvocationInfo? InvocationInfoOf(ErrorRecord record);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreserveInvocationInfoOnce")]
    private static extern void SetPreserved(ErrorRecord record, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_serializedRemoteException")]
    private static extern ref PSObject? SerializedOf(RemoteException exception);
}
