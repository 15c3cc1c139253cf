using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// Holds the streams of a <see cref="PoolJob"/>, as the child jobs of Start-Job do: Receive-Job gives a child's records in the order
/// written, and those of the job itself stream by stream. Progress stays with the job, as it has no place among the results.
/// </summary>
internal sealed class PoolChildJob : Job
{
    private readonly PoolJob parent;
    private readonly PSDataCollection<PSStreamObject>? order;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PoolChildJob(PoolJob parent)
        : base(parent.Command)
    {
        this.parent = parent;
        PSJobTypeName = PoolJob.TypeName;
        Output = EngineJob.Over(new RecordList<PSObject>()) ?? Output;
        Error = EngineJob.Over(new RecordList<ErrorRecord>()) ?? Error;
        Warning = EngineJob.Over(new RecordList<WarningRecord>()) ?? Warning;
        Verbose = EngineJob.Over(new RecordList<VerboseRecord>()) ?? Verbose;
        Debug = EngineJob.Over(new RecordList<DebugRecord>()) ?? Debug;
        Information = EngineJob.Over(new RecordList<InformationRecord>()) ?? Information;
        Output.EnumeratorNeverBlocks = true;
        order = EngineJob.ReadFrom(this, new StreamOrder(this));
        SetJobState(JobState.Running);

        // The first to be told of a change.
        StateChanged += (_, change) =>
        {
            if (change.JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped)
            {
                ended.TrySetResult();
            }
        };
    }

    /// <inheritdoc/>
    // More may come for as long as the output is open.
    public override bool HasMoreData =>
        Output.IsOpen || Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Debug.Count > 0 || Information.Count > 0;

    public override string Location => parent.Location;

    public override string StatusMessage => parent.StatusMessage;

    public override void StopJob() => parent.StopJob();

    public void WriteObject(object? value) => Write(Output, value is null ? null! : PSObject.AsPSObject(value), PSStreamObjectType.Output);

    public void WriteError(ErrorRecord error) => Write(Error, error, PSStreamObjectType.Error);

    public void WriteInformation(InformationRecord information) => Write(Information, information, PSStreamObjectType.Information);

    public void WriteText(WorkEntryKind kind, string text)
    {
        switch (kind)
        {
            case WorkEntryKind.Warning:
                Write(Warning, new WarningRecord(text), PSStreamObjectType.Warning);
                break;
            case WorkEntryKind.Verbose:
                Write(Verbose, new VerboseRecord(text), PSStreamObjectType.Verbose);
                break;
            default:
                Write(Debug, new DebugRecord(text), PSStreamObjectType.Debug);
                break;
        }
    }

    /// <summary>All has been written.</summary>
    /// <returns>
    /// Ends when the state has changed, and not when all have been told of it: Receive-Job makes that wait until its first results are
    /// shown, and whoever shows them may wait for the job. A job with a child that has not ended must not be removed.
    /// </returns>
    public async Task FinishAsync(JobState state)
    {
        order?.Complete();
        Output.Complete();
        Error.Complete();
        Warning.Complete();
        Verbose.Complete();
        Debug.Complete();
        Information.Complete();
        await (await Task.WhenAny(ended.Task, Task.Run(() => SetJobState(state))).ConfigureAwait(false)).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            order?.Dispose();
        }
    }

    private void Write<T>(PSDataCollection<T> stream, T record, PSStreamObjectType kind)
    {
        try
        {
            stream.Add(record);
        }
        finally
        {
            // The record is in its stream also when a handler of the stream's events throws.
            order?.Add(new PSStreamObject(kind, null));
        }
    }
}
