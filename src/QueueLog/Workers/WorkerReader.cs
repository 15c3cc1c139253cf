using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Workers;

/// <summary>Reads what workers say: each on a thread of its own, or on the thread that waits for just that.</summary>
/// <param name="work">Takes it.</param>
/// <param name="progress">Where the workers count what they begin.</param>
/// <param name="isWarm">Whether the pool outlives its runs.</param>
/// <param name="fail">Takes why a definition cannot be loaded, and whether the whole pool is of no use then.</param>
internal sealed class WorkerReader(PoolWork work, SharedProgress progress, bool isWarm, Action<RunFailure, bool> fail)
{
    /// <summary>Reads what a worker says until its pipe ends.</summary>
    /// <remarks>On a thread of its own: a frame is taken with one wake-up instead of three, and the thread pool is the user's.</remarks>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ProtocolException">It said something that no worker says.</exception>
    public void Read(WorkerSlot slot, WorkerProcess worker)
    {
        while (worker.Connection.Read() is { } frame)
        {
            var taken = TakeAsync(slot, worker, frame);
            if (!taken.IsCompletedSuccessfully)
            {
                taken.AsTask().GetAwaiter().GetResult();
            }

            if (frame.Type == FrameType.Results && isWarm && work.Run is { IsOver: true })
            {
                // The next call of a warm pool often follows at once.
                worker.Turn.StandAside();
            }
        }
    }

    /// <summary>
    /// Reads on the thread that waits for the events of a run, where only one worker can bring the next: a wake-up less in each
    /// call of a warm pool. Returns when there is one, and before when it is long in coming.
    /// </summary>
    public void ReadFor(PoolRun run)
    {
        if (!isWarm || run.HasEvents || work.OnlyWorkerAt(run) is not var (slot, worker) || !worker.Turn.TryTake())
        {
            return;
        }

        var taken = default(ValueTask);
        try
        {
            while (!run.HasEvents && taken.IsCompletedSuccessfully && worker.Connection.TryRead(ReadLease.GuestTimeout, out var next) && next is { } frame)
            {
                taken = TakeAsync(slot, worker, frame);
            }
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
            // As where the reader meets it: the worker is counted out when the reader sees the end.
            worker.Kill();
        }
        finally
        {
            if (taken.IsCompletedSuccessfully)
            {
                worker.Turn.GiveBack(isForGood: !run.HasEvents);
            }
            else
            {
                _ = GiveBackAsync(worker, taken);
            }
        }
    }

    // What waits for room among the events waits for this very thread to take some.
    private static async Task GiveBackAsync(WorkerProcess worker, ValueTask taken)
    {
        try
        {
            await taken.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever it was, what the frame told is lost: the end of the worker takes its place
        catch (Exception)
#pragma warning restore CA1031
        {
            worker.Kill();
        }
        finally
        {
            worker.Turn.GiveBack(isForGood: true);
        }
    }

    private ValueTask TakeAsync(WorkerSlot slot, WorkerProcess worker, Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.WorkerReady:
                if (work.TakeReady(slot, worker, frame) is var (failure, isFinal))
                {
                    fail(failure, isFinal);
                }

                return default;
            case FrameType.RunCancelled when worker.IsCancelling:
                return work.TakeCancelledAsync(slot, worker, progress.Read(slot.Index));
            case FrameType.StopAcknowledged:
                worker.Acknowledge();
                return default;
            case FrameType.Results:
                return work.TakeResultsAsync(slot, worker, frame);
            default:
                throw new ProtocolException($"A worker sent a frame of type {frame.Type}.");
        }
    }
}
