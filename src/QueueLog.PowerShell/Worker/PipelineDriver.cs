using System.Management.Automation;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;
using QueueLog.Wire;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// Runs items on one standing pipeline. Its head cmdlet calls a plain block itself, in a scope of its own; for any other it
/// writes each item, and a script in the middle calls the block. The end passes on what comes out.
/// </summary>
internal sealed class PipelineDriver(ItemIsolation isolation, WorkerLoop loop, WorkerStreams streams, PipelineInvoker invoker, ArgumentBinder binder)
{
    // The loop is for a stray break or continue: it ends the item, as it would end a round of foreach. No try: an error that
    // ends a statement must not end the item, as it would not end a script; one that ends the item ends the pipeline, and the
    // runner starts the next.
    private const string ItemScript = """
        param($__QueueLog)
        begin { $__QueueLog[3].Invoke() }
        process {
            $__QueueLogArguments = $__QueueLog[1]
            $__QueueLogNamed = $__QueueLog[2]
            if ($__QueueLog[4]) {
                do { , $_ | & $__QueueLog[0] @__QueueLogArguments @__QueueLogNamed } while ($false)
            }
            else {
                do { & $__QueueLog[0] @__QueueLogArguments @__QueueLogNamed } while ($false)
            }
        }
        """;

    private static readonly CmdletInfo Source = new("Read-WorkItem", typeof(ItemSourceCommand));

    // Whether the standing pipeline is made for a block that is called without a pipeline of its own.
    private bool isDirect;

    /// <summary>Whether a stop may still hit the pipeline: what is next must begin another.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the pipeline can run the present block.</summary>
    public bool CanGoOn => binder.CallsDirectly == isDirect;

    /// <summary>Runs items until the pipeline ends: for want of items, for an initialization, or with an item.</summary>
    public void RunItems(RunspaceWorkRunner items)
    {
        var outcome = ItemOutcome.Failed;
        IsStopped = false;
        try
        {
            using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand(Source).AddParameter(nameof(ItemSourceCommand.Runner), items);
            isDirect = binder.CallsDirectly;
            if (!isDirect)
            {
                shell.AddScript(ItemScript, useLocalScope: true).AddArgument(binder.Call);
            }

            invoker.Invoke(shell);
            if (loop.Item >= 0)
            {
                if (invoker.IsGivenUp)
                {
                    return;
                }

                outcome = loop.IsItemStopped ? ItemOutcome.Stopped : EndByExit();
            }
        }
        catch (PipelineStoppedException) when (invoker.IsGivenUp)
        {
            return;
        }
        catch (PipelineStoppedException) when (loop.IsItemStopped || loop.Item < 0)
        {
            // It alone, or a stop that came too late for it.
            outcome = ItemOutcome.Stopped;
        }
        catch (FlowControlException)
        {
            // A break or continue to a label that is not there.
            outcome = ItemOutcome.Completed;
        }
#pragma warning disable CA1031 // whatever the item threw, it is the item's end and not the worker's
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (EndBy(e) is not { } end)
            {
                return;
            }

            outcome = end;
        }

        streams.EndItem(outcome, isolation.ExitCode, invoker.IsItemStopped);
    }

    /// <summary>Runs one item. Called by the head of the pipeline.</summary>
    public void RunItem(ItemSourceCommand source, object? item)
    {
        streams.BeginItem(item);
        var outcome = ItemOutcome.Completed;
        if (isDirect)
        {
            outcome = Call(source, item);
        }
        else
        {
            source.WriteObject(item);
        }

        // An item that ended although it was to be stopped: the stop may still hit this pipeline, so the next begins another.
        IsStopped = !streams.EndItem(outcome, isolation.ExitCode, invoker.IsItemStopped);
    }

    private ItemOutcome Call(ItemSourceCommand source, object? item)
    {
        try
        {
            binder.CallBlock(source, item);
            return ItemOutcome.Completed;
        }
        catch (LoopFlowException)
        {
            // A stray break or continue.
            return ItemOutcome.Completed;
        }
#pragma warning disable CA1031 // as above
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
#pragma warning restore CA1031
        {
            return EndBy(e) ?? throw new PipelineStoppedException();
        }
    }

    // The engine has set $LASTEXITCODE.
    private ItemOutcome EndByExit()
    {
        if (isolation.ExitCode is not (null or 0) and var code)
        {
            streams.ReportError(WorkEntryKind.Failure, WorkerErrors.ItemExited(code.Value));
            return ItemOutcome.Failed;
        }

        streams.ExcuseErrors();
        return ItemOutcome.Completed;
    }

    // An item that was stopped has not failed, whatever error it ends with: it was not at its end, and a resume runs it again.
    private ItemOutcome? EndBy(Exception e)
    {
        var isGivenUp = invoker.IsGivenUp;
        var wasStopped = isGivenUp || loop.IsItemStopped;
        if (!wasStopped || !WorkerStreams.IsLostCommand(e))
        {
            streams.ReportError(wasStopped ? WorkEntryKind.Error : WorkEntryKind.Failure, WorkerErrors.Thrown(e));
        }

        return isGivenUp ? null : wasStopped ? ItemOutcome.Stopped : ItemOutcome.Failed;
    }
}
