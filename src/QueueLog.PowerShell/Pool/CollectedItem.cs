using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.Pool.JobLog;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>What is known of an item so far.</summary>
/// <param name="item">The item.</param>
/// <param name="key">Which input it is; nothing where there is no log.</param>
internal sealed class CollectedItem(WorkItem item, InputKey key)
{
    // For the result: of the attempt under way, and of all.
    private readonly List<object?> outputs = [];
    private readonly List<ErrorRecord> errors = [];
    private readonly List<string> warnings = [];
    private readonly List<InformationRecord> information = [];
    private ErrorRecord? failure;

    public WorkItem Item { get; } = item;

    public InputKey Key { get; } = key;

    /// <summary>What waits for the items before it.</summary>
    public Queue<StreamRecord> Waiting { get; } = new();

    /// <summary>What waits for the end of the attempt: it is nothing when the item is tried again.</summary>
    public Queue<StreamRecord> Withheld { get; } = new();

    /// <summary>Whether it has said anything, so that it must have been begun.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Its end, when that is known.</summary>
    public ItemEnd? End { get; set; }

    /// <summary>Keeps a record for the result.</summary>
    public void Keep(StreamRecord record)
    {
        switch (record.Kind)
        {
            case WorkEntryKind.Output:
                outputs.Add(record.Value);
                break;
            case WorkEntryKind.Error:
                errors.Add((ErrorRecord)record.Value!);
                break;
            case WorkEntryKind.Failure:
                if (failure is not null)
                {
                    errors.Add(failure);
                }

                failure = (ErrorRecord)record.Value!;
                break;
            case WorkEntryKind.Warning:
                warnings.Add((string)record.Value!);
                break;
            case WorkEntryKind.Information:
                information.Add((InformationRecord)record.Value!);
                break;
        }
    }

    /// <summary>Takes back what the attempt gave: another follows.</summary>
    /// <param name="errorsFail">Whether error records are among that.</param>
    /// <returns>The first error that failed it; null when that is not known.</returns>
    public ErrorRecord? DropAttempt(bool errorsFail)
    {
        var first = errorsFail && errors.Count > 0 ? errors[0] : failure;
        outputs.Clear();
        failure = null;
        if (errorsFail)
        {
            errors.Clear();
        }

        while (Withheld.TryDequeue(out var record))
        {
            first ??= record.Value as ErrorRecord;
        }

        return first;
    }

    public ItemResult ToResult()
    {
        var end = End!;
        var wasBegun = end.Attempt > 0;
        return new ItemResult(Item.Index, Item.Input, end.Status)
        {
            Output = [.. outputs],
            Errors = failure is null ? [.. errors] : [.. errors, failure],
            Warnings = [.. warnings],
            Information = [.. information],
            Attempt = end.Attempt,
            Worker = end.Worker,
            Pid = end.Pid,
            Queued = new DateTimeOffset(Item.Queued).ToLocalTime(),
            Started = end.Started,
            Ended = end.Started + end.Duration ?? (wasBegun ? DateTimeOffset.Now : null),
            Duration = end.Duration,
            ExitCode = end.Death is { } death ? death.ExitCode : end.ExitCode,
        };
    }
}

/// <summary>Something that an item wrote: an object, an error, a text or an information record.</summary>
internal readonly record struct StreamRecord(WorkEntryKind Kind, object? Value);
