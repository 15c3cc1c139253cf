using QueueLog.Pool;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Pool;

/// <summary>Makes the items of a run from inputs, and hands them to it.</summary>
/// <param name="batch">How many inputs make one item, which is an array of them; 0 where each input is an item.</param>
internal sealed class ItemFeed(int batch)
{
    private readonly ByteWriter scratch = new(256);
    private readonly List<object?> pending = [];
    private long count;

    /// <summary>Takes an input.</summary>
    /// <returns>Whether that makes an item: the input itself, or all that were pending.</returns>
    public bool TryBatch(object? input, out object? item)
    {
        item = input;
        if (batch == 0)
        {
            return true;
        }

        pending.Add(input);
        return pending.Count == batch && TryEndBatch(out item);
    }

    /// <summary>Makes an item of the pending inputs, if there are any.</summary>
    public bool TryEndBatch(out object? item)
    {
        var inputs = pending.ToArray();
        item = inputs;
        pending.Clear();
        return inputs.Length > 0;
    }

    /// <summary>Gives an item to whichever worker is free, or to one.</summary>
    public void Add(IItemRun run, RunOutput output, object? input, int worker = -1)
    {
        var item = ToItem(input, out var reason);
        if (!output.Expect(item))
        {
            return;
        }

        if (reason is not null)
        {
            run.AddUnsendable(item, reason);
        }
        else if (worker < 0)
        {
            run.Add(item);
        }
        else
        {
            run.AddFor(worker, item);
        }
    }

    /// <summary>One item for each worker: its 0-based number.</summary>
    public void AddOncePerWorker(IItemRun run, RunOutput output, int workers)
    {
        for (var i = 0; i < workers; i++)
        {
            Add(run, output, i, i);
        }
    }

    // Without a payload where it cannot be sent.
    private WorkItem ToItem(object? input, out ValueNotSerializableException? reason)
    {
        scratch.Clear(ProtocolLimits.MaxGreetingLength);
        try
        {
            reason = null;
            SerializedValue.Write(scratch, input);
            return new WorkItem(count++, input, scratch.Detach());
        }
        catch (ValueNotSerializableException e)
        {
            reason = e;
            return new WorkItem(count++, input, []);
        }
    }
}
