using System.Management.Automation;
using System.Text;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Worker;

/// <summary>Passes on what the running script writes, each thing at the moment it is written: to the log first, then to the pool.</summary>
internal sealed class WorkerStreams(WorkerLoop loop, EngineState? engine)
{
    private const string ShownTag = "PSHOST";

    private readonly ByteWriter scratch = new();
    private readonly WorkerStreamLog log = new(loop.Log);

    // Of the item under way: what it is, and whether something fails it in any case, or as far as errors do.
    private object? input;
    private bool hasFailure;
    private bool hasErrors;
    private bool isEnding;

    /// <summary>Whether output without an item goes to the call: that of its own initialization does.</summary>
    public bool TakesOutput { get; set; }

    public void ReportOutput(PSObject? value)
    {
        if (loop.Item < 0 && !TakesOutput)
        {
            return;
        }

        log.WriteOutput(value);
        try
        {
            ValueSerializer.Write(scratch, value);
            loop.Report(WorkEntryKind.Output, scratch.Written);
        }
        catch (ValueNotSerializableException e)
        {
            ReportError(WorkEntryKind.Failure, WorkerErrors.OutputNotSerializable(e));
        }
        finally
        {
            scratch.Clear(ProtocolLimits.MaxGreetingLength);
        }
    }

    /// <summary>Passes on what came to the error stream.</summary>
    /// <param name="errors">The stream.</param>
    /// <param name="isStopped">Whether the item was stopped.</param>
    public void ReportErrors(PSDataCollection<ErrorRecord> errors, bool isStopped)
    {
        // Taken out, or they would be kept for as long as the pipeline stands.
        foreach (var error in errors.ReadAll())
        {
            if (isStopped && IsLostCommand(error.Exception))
            {
                hasErrors = true;
            }
            else if (error.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage")
            {
                ReportStandardError(error.Exception.Message);
            }
            else
            {
                ReportError(WorkEntryKind.Error, error);
            }
        }
    }

    public void ReportError(WorkEntryKind kind, ErrorRecord error)
    {
        if (isEnding)
        {
            // Of no item, and behind all results: it must not end the call that has them.
            ReportText(WorkEntryKind.Warning, WorkerErrors.EndScriptFailed(loop.Name, error));
            return;
        }

        var fails = kind == WorkEntryKind.Failure || loop.FailOn != FailOn.Throw;
        hasErrors |= fails;
        hasFailure |= kind == WorkEntryKind.Failure;
        log.WriteError(kind, error, fails && loop.Item >= 0, input);
        var writer = new ByteWriter();
        WorkEntryCodec.WriteError(writer, ErrorMapper.ToWork(error));
        loop.Report(kind, writer.Written);
    }

    public void ReportText(WorkEntryKind kind, string text)
    {
        log.WriteText(kind, text);
        loop.Report(kind, Encoding.UTF8.GetBytes(text));
    }

    public void ReportInformation(InformationRecord record)
    {
        log.WriteInformation(record);
        if (!record.Tags.Contains(ShownTag) && engine?.ShowsInformation == true)
        {
            // So that it is on the screen of a session that shows no others.
            record.Tags.Add(ShownTag);
        }

        Report(record);
    }

    /// <summary>Whether the engine says that a command was not found: at a stop it says so of one whose module it was loading.</summary>
    public static bool IsLostCommand(Exception exception) => exception is CommandNotFoundException;

    /// <summary>Errors are warnings from now on: the worker ends.</summary>
    public void BeginEnd() => isEnding = true;

    /// <summary>An item begins.</summary>
    public void BeginItem(object? input)
    {
        hasFailure = hasErrors = false;
        this.input = input;
    }

    /// <summary>The item under way says itself that its errors do not fail it.</summary>
    public void ExcuseErrors() => hasErrors = false;

    /// <summary>The item under way has ended.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="exitCode">The last exit code of a program that it ran; null for none.</param>
    /// <param name="isStopped">Whether it was stopped: then its errors may be those of the stop.</param>
    /// <returns>False when it was claimed for a stop.</returns>
    public bool EndItem(ItemOutcome outcome, int? exitCode, bool isStopped)
    {
        if (outcome == ItemOutcome.Completed)
        {
            if (loop.FailOn == FailOn.ExitCode && !hasErrors && !isStopped && exitCode is not (null or 0) and var code)
            {
                ReportError(WorkEntryKind.Failure, WorkerErrors.ProgramFailed(code.Value));
            }

            outcome = !hasFailure && !hasErrors ? ItemOutcome.Completed : isStopped ? ItemOutcome.Stopped : ItemOutcome.Failed;
        }

        log.EndItem();
        return loop.EndItem(outcome, exitCode);
    }

    // What the engine makes an error record of is a line that a program wrote to its standard error: often progress, and no error.
    // Tagged so that it is on the screen all the same.
    private void ReportStandardError(string text)
    {
        log.WriteStandardError(text);
        var record = InformationMapper.ToRecord(loop.Name, isError: true, text);
        record.Tags.Add(ShownTag);
        Report(record);
    }

    private void Report(InformationRecord record)
    {
        var writer = new ByteWriter();
        WorkEntryCodec.WriteInformation(writer, InformationMapper.ToWork(record));
        loop.Report(WorkEntryKind.Information, writer.Written);
    }
}
