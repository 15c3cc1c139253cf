using System.Runtime.CompilerServices;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>Reads what the pool sends: work goes to the queue, orders are carried out.</summary>
internal sealed class PoolReader(PipeConnection connection, WorkQueue queue, IPoolOrders orders)
{
    // To compare a longer definition is not worth its memory.
    private const int MostKept = 1024 * 1024;

    private readonly ReadLease turn = new();

    // Used by whoever has the turn.
    private byte[] definitionBytes = [];
    private WorkDefinition? definition;
    private bool isBroken;

    /// <summary>Reads from now on, on a thread of its own: user code may keep the main thread and the thread pool busy for as long as it likes.</summary>
    public void Start() => new Thread(Read) { IsBackground = true, Name = "QueueLog pool reader" }.Start();

    /// <summary>
    /// Reads on the main thread, which has nothing to do, until the queue has something for it: a wake-up less for each answer.
    /// Returns before that when nothing comes for a while, and then the reader's thread goes on.
    /// </summary>
    public void ReadWhileIdle()
    {
        if (!turn.TryAcquire())
        {
            return;
        }

        try
        {
            while (queue.Next is null && connection.TryRead(ReadLease.GuestTimeout, out var next) && next is { } frame)
            {
                Handle(frame, isIdle: true);
            }
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
            isBroken = true;
        }
        finally
        {
            turn.GiveBack(isForGood: queue.Next is null);
        }
    }

    private void Read()
    {
        try
        {
            while (!isBroken && TryReadNext())
            {
                turn.StandAside();
            }
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
        }

        orders.Abandon();
    }

    // On its own, so that nothing large is held while the next is awaited.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadNext()
    {
        if (connection.Read() is not { } frame)
        {
            return false;
        }

        Handle(frame, isIdle: false);
        return true;
    }

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="isIdle">Whether the main thread has read it: then no item is under way, and nothing may wait for that thread.</param>
    private void Handle(Frame frame, bool isIdle)
    {
        switch (frame.Type)
        {
            case FrameType.WorkDefinition:
                queue.Add(ReadDefinition(frame.Payload.Span));
                break;
            case FrameType.Items:
                queue.AddItems(connection.Keep(frame));
                break;
            case FrameType.EndOfItems:
                queue.End(discard: false);
                break;
            case FrameType.CancelRun:
                queue.Cancel();
                if (!isIdle)
                {
                    orders.Interrupt();
                }

                // Behind that: with a pool that is slow in reading this would wait.
                orders.Acknowledge();
                break;
            case FrameType.Withdraw:
                queue.Withdraw();
                break;
            case FrameType.StopItem:
                if (!isIdle)
                {
                    orders.StopItem(WorkCodec.ReadStopItem(frame.Payload.Span));
                }

                break;
            case FrameType.StopWork:
                var grace = WorkCodec.ReadStopWork(frame.Payload.Span);
                if (isIdle)
                {
                    queue.End(discard: true);
                    new Thread(() => orders.Stop(grace)) { IsBackground = true }.Start();
                }
                else
                {
                    orders.Stop(grace);
                }

                break;
            default:
                throw new ProtocolException($"The pool sent a frame of type {frame.Type}.");
        }
    }

    // The calls of a warm pool bring the same one again and again.
    private WorkDefinition ReadDefinition(ReadOnlySpan<byte> payload)
    {
        if (definition is { } last && WorkCodec.IsSameDefinition(definitionBytes, payload))
        {
            return definition = last with { Id = WorkCodec.ReadDefinitionId(payload), Repeats = last.Id };
        }

        var next = WorkCodec.ReadDefinition(payload);
        (definition, definitionBytes) = payload.Length > MostKept ? (null, []) : (next, payload.ToArray());
        return next;
    }
}

/// <summary>What the pool asks of a worker besides items. Called by the thread that reads the pipe.</summary>
internal interface IPoolOrders
{
    /// <summary>The run was cancelled: what is under way is to be given up.</summary>
    void Interrupt();

    /// <summary>The pool is to know that its request was heard.</summary>
    void Acknowledge();

    /// <summary>One item is to be stopped, should it still be under way.</summary>
    void StopItem(long index);

    /// <summary>The process is to end, with what is finished handed over. Waits for the main thread as long as code may take to stop.</summary>
    void Stop(TimeSpan grace);

    /// <summary>The pool is gone.</summary>
    void Abandon();
}
