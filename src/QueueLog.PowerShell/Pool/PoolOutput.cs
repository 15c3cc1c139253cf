using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Client;
using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Turns the events of a run into objects and stream records, in the order they arrived.</summary>
/// <param name="runspace">The runspace whose types are brought back to life.</param>
internal abstract class PoolOutput(Runspace? runspace)
{
    // How often the command of a name was missing, beyond the first time.
    private readonly Dictionary<string, long> missing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Shows how far the items say they are; null for not at all.</summary>
    public PoolProgress? Progress { get; set; }

    public void Write(WorkEvent workEvent)
    {
        switch (workEvent)
        {
            case WorkResults results:
                WriteResults(results);
                break;
            case ItemLost lost:
                Progress?.EndItem(lost.Worker);
                if (ErrorOf(lost.End) is { } error)
                {
                    WriteError(error);
                }

                break;
            case WorkerLine line:
                WriteInformation(InformationMapper.ToRecord(line.Worker, line.IsError, line.Text));
                break;
        }
    }

    /// <summary>What an end means that no exception has told of; null for nothing.</summary>
    public static ErrorRecord? ErrorOf(ItemEnd end) => end switch
    {
        { Status: ItemStatus.TimedOut } => PoolErrors.ItemTimedOut(end),
        { Status: ItemStatus.Crashed } => PoolErrors.WorkerDied(end),
        { NotSent: not null } => PoolErrors.ItemNotSerializable(end),
        _ => null,
    };

    /// <summary>What an entry carries: an object, an error, a text or an information record.</summary>
    public object? Read(WorkResults results, in ResultEntry entry)
    {
        var body = results.Frame.Body(in entry);
        return entry.Kind switch
        {
            WorkEntryKind.Output => ValueSerializer.Read(body, runspace),
            WorkEntryKind.Error or WorkEntryKind.Failure => ErrorMapper.ToRecord(WorkEntryCodec.ReadError(body), results.Worker, entry.Item, entry.Kind == WorkEntryKind.Failure),
            WorkEntryKind.Information => InformationMapper.ToRecord(WorkEntryCodec.ReadInformation(body)),
            _ => WorkEntryCodec.ReadText(body),
        };
    }

    /// <summary>Writes what <see cref="Read"/> has read.</summary>
    public void Write(WorkEntryKind kind, object? value)
    {
        switch (kind)
        {
            case WorkEntryKind.Output:
                WriteObject(value);
                break;
            case WorkEntryKind.Error or WorkEntryKind.Failure:
                var error = (ErrorRecord)value!;
                if (!IsRepeated(error))
                {
                    ErrorMapper.NameItem(error);
                    WriteError(error);
                }

                break;
            case WorkEntryKind.Information:
                WriteInformation((InformationRecord)value!);
                break;
            case WorkEntryKind.Warning when value is string text && text == LogWarnings.NoListener(refusal: null) && !ClientRegistry.IsFirstUndelivered():
                // Each worker says so of itself, and one is enough for the session.
                break;
            default:
                WriteText(kind, (string)value!);
                break;
        }
    }

    /// <summary>The run is over.</summary>
    public void Complete()
    {
        foreach (var (command, times) in missing)
        {
            if (times > 0)
            {
                WriteText(WorkEntryKind.Warning, PoolWarnings.CommandMissing(command, times));
            }
        }

        missing.Clear();
    }

    /// <summary>Passes on how far something is.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isOfItem">Whether an item wrote it, and not the run.</param>
    public abstract void WriteProgress(ProgressRecord record, bool isOfItem);

    protected abstract void WriteObject(object? value);

    protected abstract void WriteError(ErrorRecord error);

    protected abstract void WriteText(WorkEntryKind kind, string text);

    protected abstract void WriteInformation(InformationRecord information);

    // A command that is not there is not there for any item.
    private bool IsRepeated(ErrorRecord error)
    {
        if (!error.FullyQualifiedErrorId.StartsWith("CommandNotFoundException", StringComparison.Ordinal) || error.CategoryInfo.TargetName is not { Length: > 0 } command)
        {
            return false;
        }

        var isRepeated = missing.TryGetValue(command, out var times);
        missing[command] = isRepeated ? times + 1 : 0;
        return isRepeated;
    }

    private void WriteResults(WorkResults results)
    {
        foreach (ref readonly var entry in results.Frame.Entries)
        {
            switch (entry.Kind)
            {
                case WorkEntryKind.Progress:
                    Progress?.Apply(results.Worker, WorkEntryCodec.ReadProgress(results.Frame.Body(in entry)));
                    break;
                case WorkEntryKind.Ended:
                    Progress?.EndItem(results.Worker);
                    if (entry.End is { } end && ErrorOf(end) is { } error)
                    {
                        WriteError(error);
                    }

                    break;
                default:
                    Write(entry.Kind, Read(results, in entry));
                    break;
            }
        }
    }
}
