using System.Runtime.CompilerServices;
using QueueLog.Pool.State;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Processes;

/// <summary>Reads what worker processes say: each on a thread of its own, or on the thread that waits for just that.</summary>
/// <param name="state">Is told of it.</param>
/// <param name="executor">Does what follows from it.</param>
/// <param name="progress">Where the workers count what they begin.</param>
/// <param name="isWarm">Whether the pool outlives its runs.</param>
internal sealed class WorkerReader(PoolState state, PoolExecutor executor, SharedProgress progress, bool isWarm)
{
    /// <summary>Reads what a process says until its pipe ends.</summary>
    /// <remarks>On a thread of its own: a frame is taken with one wake-up instead of three, and the thread pool is the user's.</remarks>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="ProtocolException">It said something that no worker says.</exception>
    public void Read(Worker worker, ProcessState process)
    {
        while (TryReadNext(worker, process))
        {
        }
    }

    /// <summary>
    /// Reads on the thread that waits for the events of a run, where only one worker can bring the next: a wake-up less in each
    /// call of a warm pool. Returns when there is one, and before when it is long in coming.
    /// </summary>
    public void ReadFor(PoolRun run)
    {
        if (!isWarm || run.HasEvents || state.OnlyWorkerAt(run) is not var (worker, process) || !process.OsProcess.Lease.TryAcquire())
        {
            return;
        }

        var handled = default(ValueTask);
        try
        {
            while (!run.HasEvents && handled.IsCompletedSuccessfully && process.OsProcess.Connection.TryRead(ReadLease.GuestTimeout, out var next) && next is { } frame)
            {
                handled = HandleAsync(worker, process, frame);
            }
        }
        catch (Exception e) when (PipeConnection.IsEnd(e))
        {
            // As where the reader meets it: the process is counted out when the reader sees the end.
            process.OsProcess.Kill();
        }
        finally
        {
            if (handled.IsCompletedSuccessfully)
            {
                process.OsProcess.Lease.GiveBack(isForGood: !run.HasEvents);
            }
            else
            {
                _ = GiveBackAsync(process.OsProcess, handled);
            }
        }
    }

    // On its own, so that nothing large is held while the next is awaited.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadNext(Worker worker, ProcessState process)
    {
        if (process.OsProcess.Connection.Read() is not { } frame)
        {
            return false;
        }

        var handled = HandleAsync(worker, process, frame);
        if (!handled.IsCompletedSuccessfully)
        {
            handled.AsTask().GetAwaiter().GetResult();
        }

        if (frame.Type == FrameType.Results && isWarm && state.Run is { IsOver: true })
        {
            // The next call of a warm pool often follows at once.
            process.OsProcess.Lease.StandAside();
        }

        return true;
    }

    // What waits for room among the events waits for this very thread to take some.
    private static async Task GiveBackAsync(WorkerProcess process, ValueTask handled)
    {
        try
        {
            await handled.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // whatever it was, what the frame told is lost: the end of the process takes its place
        catch (Exception)
#pragma warning restore CA1031
        {
            process.Kill();
        }
        finally
        {
            process.Lease.GiveBack(isForGood: true);
        }
    }

    private ValueTask HandleAsync(Worker worker, ProcessState process, Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.WorkerReady:
                var (definition, errorId, message) = WorkCodec.ReadReady(frame.Payload.Span);
                return executor.PerformAsync(state.Ready(worker, process, definition, errorId.Length == 0 ? null : new PreparationFailed(new PreparationFailure(errorId, message))));
            case FrameType.RunCancelled when process.CancelledRun != 0:
                return executor.PerformAsync(state.Cancelled(worker, process, progress.Read(worker.Index)));
            case FrameType.StopAcknowledged:
                process.OsProcess.Acknowledge();
                return default;
            case FrameType.Results:
                return executor.PerformAsync(state.Received(worker, process, ResultFrame.Read(process.OsProcess.Connection, frame)));
            default:
                throw new ProtocolException($"A worker sent a frame of type {frame.Type}.");
        }
    }
}
