using System.ComponentModel;
using QueueLog.Pool.State;
using QueueLog.Transport;

namespace QueueLog.Pool.Processes;

/// <summary>Keeps one worker of a pool supplied with a process for as long as it is needed.</summary>
/// <param name="pool">The pool.</param>
/// <param name="worker">The worker.</param>
internal sealed class WorkerSupervisor(WorkerPool pool, Worker worker) : IDisposable
{
    // Processes of one worker that die in a row before they are ready. Where none of the pool's ever was, it is how they are started;
    // where some were, it is what happens to them, and may pass.
    private const int AttemptsToStart = 3;
    private const int AttemptsToRestart = 20;

    // A process whose pipe has ended ends itself, and is waited for so long that its exit code is its own.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRestartPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRestartPause = TimeSpan.FromSeconds(5);

    private LastRecords? records;

    /// <summary>Completes when no process will follow.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Supplies the worker again, when it has been left without a process.</summary>
    public void Start()
    {
        var before = Completion;
        Completion = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            try
            {
                await SuperviseAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // a worker that silently stays without a process would leave the pool waiting for ever
            catch (Exception e)
#pragma warning restore CA1031
            {
                worker.Process?.OsProcess.Kill();
                if (!pool.IsEnding)
                {
                    pool.Fail(new WorkerNotSupplied(worker.Name, e.Message));
                }
            }
        });
    }

    public void Dispose() => records?.Dispose();

    private async Task SuperviseAsync()
    {
        while (!pool.IsEnding)
        {
            var process = pool.NewProcess(worker);
            await using var scope = process.ConfigureAwait(false);
            pool.Progress.Clear(worker.Index);
            records ??= LastRecords.Create(pool.Acceptor.Address, worker.Index);
            records.Clear();
            if (pool.State.TryAssign(worker, process) is not { } state)
            {
                return;
            }

            try
            {
                process.Start(HandleLineAsync);
                pool.Log.WorkerStarted(worker.Name, process.Pid);
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                pool.Fail(new ProgramNotStarted(pool.Program, e.Message));
                return;
            }

            await ServeAsync(process, state).ConfigureAwait(false);
            var death = await process.WaitForEndAsync(pool.IsEnding ? pool.Options.EndTimeout : ExitTimeout).ConfigureAwait(false);
            death = death with { LastRecords = records.Read() };
            if (!pool.IsEnding)
            {
                // What it started and what has left its group; the next process need not wait for that.
                _ = Task.Run(() => ProcessMark.Kill(process.Mark));
            }

            var ended = pool.State.Ended(worker, state, pool.Progress.Read(worker.Index), death, pool.IsEnding, pool.Progress.ReadStart(worker.Index));
            await pool.Executor.PerformAsync(ended).ConfigureAwait(false);
            if (!pool.IsEnding && worker.Failures >= (pool.State.WasReady ? AttemptsToRestart : AttemptsToStart))
            {
                pool.Fail(new WorkerNeverReady(worker.Name, death, worker.Failures));
                return;
            }

            if (worker.Failures > 1)
            {
                var pause = FirstRestartPause * Math.Pow(2, worker.Failures - 2);
                await Task.WhenAny(Task.Delay(pause < LongestRestartPause ? pause : LongestRestartPause, pool.Options.Time, pool.Acceptor.Closing)).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask HandleLineAsync(bool isError, string line)
    {
        await pool.Executor.PerformAsync(pool.State.Written(worker, isError, line)).ConfigureAwait(false);
        await pool.Executor.PerformAsync(pool.State.Received(worker, isError, line)).ConfigureAwait(false);
    }

    /// <summary>Waits for a process's greeting and reads what it says until its pipe ends.</summary>
    private async Task ServeAsync(WorkerProcess process, ProcessState state)
    {
        try
        {
            // Asked for after its start: a pool that ended in between did not find the process to end.
            var first = pool.IsEnding ? process.Exited : await Task.WhenAny(process.Connected, process.Exited, Task.Delay(pool.Options.StartTimeout, pool.Acceptor.Closing)).ConfigureAwait(false);
            if (first != process.Connected || pool.IsEnding)
            {
                process.Kill();
                return;
            }

            pool.Executor.Perform(pool.State.Connected(worker, state));
            if (pool.IsEnding)
            {
                process.Kill();
            }

            await Task.Factory.StartNew(() => pool.Reader.Read(worker, state), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception e) when (PipeConnection.IsEnd(e) || e is OperationCanceledException)
        {
            // Broken or ended, it is the same to the pool: the process is counted out.
            process.Kill();
        }
    }
}
