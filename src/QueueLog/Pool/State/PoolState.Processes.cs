namespace QueueLog.Pool.State;

/// <content>What happens to workers and their processes.</content>
internal sealed partial class PoolState
{
    /// <summary>A worker is to have processes from now on, as long as there is work for it.</summary>
    public PoolActions Open(Worker worker)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            allocator.Open(worker, ref actions);
        }

        return actions;
    }

    /// <summary>There are to be so many workers. Those that are too many finish what they have begun.</summary>
    public PoolActions Resize(int count)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            allocator.Resize(count, opensAll: options.StaysWarm, Current, ref actions);
            sender.SendAll(Current, ref actions);
        }

        return actions;
    }

    /// <summary>A worker is to have a new process, not started yet.</summary>
    /// <returns>Null when there is no need for one.</returns>
    public ProcessState? TryAssign(Worker worker, IWorkerProcess process)
    {
        lock (gate)
        {
            return allocator.IsNeeded(worker, Current) ? worker.Process = new ProcessState(process) : null;
        }
    }

    /// <summary>A process has greeted.</summary>
    public PoolActions Connected(Worker worker, ProcessState process)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            // A warm pool without work: there is nothing to be ready for.
            process.WasReady |= options.StaysWarm && Current is null && options.Initialization is null;
            WasReady |= process.WasReady;
            process.Connect();
            Current?.State.Scheduler.Up(worker.Index);
            sender.Send(worker, Current, ref actions);
        }

        return actions;
    }

    /// <summary>A process has loaded a definition, or could not.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="definition">Number of the definition's run; 0 for what prepares a warm pool's workers.</param>
    /// <param name="failure">Why it could not; null when it has.</param>
    public PoolActions Ready(Worker worker, ProcessState process, int definition, RunFailure? failure)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (failure is null)
            {
                process.WasReady = WasReady = true;
                prepared.TrySetResult();
                worker.Failures = 0;
            }
            else if (!options.StaysWarm || definition == 0)
            {
                actions.Add(new FailPool(failure));
            }
            else if (definition == run?.Id)
            {
                closer.Close(run, failure, ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has sent results: first it gets its next items, then they go to whoever reads the run.</summary>
    /// <exception cref="Wire.ProtocolException">They are not true.</exception>
    public PoolActions Received(Worker worker, ProcessState process, ResultFrame frame)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is not { } current || (process.CancelledRun != 0 && process.CancelledRun != current.Id))
            {
                frame.Dispose();
                return actions;
            }

            var queued = current.State.Scheduler.Queued;
            var ends = current.State.Apply(frame, worker);
            closer.HaltIfDue(current, ref actions);
            sender.Send(worker, Current, ref actions);
            if (ends is not null)
            {
                actions.Add(new WriteLog(log => log.WriteEnds(current.Options, ends)));
            }

            // What was given back, or is tried again, may run elsewhere.
            if (ends is not null || current.State.Scheduler.Queued > queued)
            {
                sender.SendAll(Current, ref actions);
            }

            if (current.State.Scheduler.Delayed > 0)
            {
                actions.Add(new Watch());
            }

            RunCloser.Publish(current, [new WorkResults(worker.Name, frame)], ref actions);
        }

        return actions;
    }

    /// <summary>A process has written a line past its streams, to be said in the log; <see cref="Received(Worker, bool, string)"/> follows.</summary>
    // Two steps: no run is held open by a log that is slow to take a line.
    public PoolActions Written(Worker worker, bool isError, string line)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            var current = Current;
            if (current is not { NoCapture: true })
            {
                actions.Add(new WriteLine(worker, worker.Pid, current?.State.Scheduler.Current(worker.Index), isError, line));
            }
        }

        return actions;
    }

    /// <summary>A line of a process goes to whoever reads the run.</summary>
    public PoolActions Received(Worker worker, bool isError, string line)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is { } current)
            {
                RunCloser.Publish(current, [new WorkerLine(worker.Name, isError, line)], ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has given up the run that it was asked to.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    public PoolActions Cancelled(Worker worker, ProcessState process, long begun)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            // A run that was only cut short is over, and another may have begun meanwhile.
            var halted = Current is { } present && present.Id == process.CancelledRun ? present : null;
            var begunInRun = begun - process.SentBefore;
            if (!process.TryConfirm())
            {
                return actions;
            }

            var ends = halted?.State.EndCancelled(worker, begunInRun);
            Current?.State.Scheduler.Up(worker.Index);
            sender.Send(worker, Current, ref actions);
            if (ends is not null)
            {
                RunCloser.PublishLost(halted!, ends, ref actions);
            }
        }

        return actions;
    }

    /// <summary>A process has had its time to give up a run.</summary>
    public PoolActions CancellationTimedOut(Worker worker, ProcessState process, int cancelledRun)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (process.TryAbandon(cancelledRun))
            {
                actions.Add(new KillProcess(worker, process, "it did not give up its item"));
            }
        }

        return actions;
    }

    /// <summary>A process has ended: what it had not begun goes to others, what it was at is tried again or reported.</summary>
    /// <param name="worker">Its worker.</param>
    /// <param name="process">The process.</param>
    /// <param name="begun">How many items it had begun in its life.</param>
    /// <param name="death">How it ended.</param>
    /// <param name="isAsked">Whether the pool has it end: an item given up on request is no loss to report.</param>
    /// <param name="startedAt">When it began the item it was at, in ticks of the monotonic clock; 0 when it was at none.</param>
    public PoolActions Ended(Worker worker, ProcessState process, long begun, WorkerDeath death, bool isAsked, long startedAt)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            var cancelled = process.End();
            worker.Failures += process.WasReady ? 0 : 1;
            var current = cancelled != 0 && cancelled != run?.Id ? null : Current;
            var ends = current?.State.EndProcess(worker, begun - process.SentBefore, death, isAsked, startedAt) ?? [];
            var wasToldToEnd = process.Retirement == ProcessRetirement.EndRequested;
            actions.Add(new WriteLog(log => log.WorkerEnded(worker.Name, death, ends, isAsked || wasToldToEnd, current?.Options.ShowsStreams ?? false)));
            if (wasToldToEnd && worker.IsOpen && !isAsked)
            {
                var sent = process.Sent;
                actions.Add(new WriteLog(log => log.WorkerRecycled(worker.Name, death.Pid, sent)));
            }

            if (current is null)
            {
                return actions;
            }

            actions.Add(new WriteLog(log => log.WriteEnds(current.Options, ends)));
            closer.HaltIfDue(current, ref actions);
            sender.SendAll(Current, ref actions);
            actions.Add(new Watch());
            RunCloser.PublishLost(current, ends, ref actions);
        }

        return actions;
    }

    /// <summary>Time has passed: items may take too long, and others are to be tried again.</summary>
    /// <param name="progress">What each worker is at.</param>
    /// <param name="actions">What is to be done.</param>
    /// <returns>When to look again; null when nothing is to be looked after.</returns>
    public TimeSpan? Look(SharedProgress progress, out PoolActions actions)
    {
        actions = default;
        lock (gate)
        {
            if (Current is not { } current)
            {
                return null;
            }

            closer.HaltIfTimedOut(current, ref actions);
            var next = PoolWatch.Look(current, workers, progress, ref actions);
            if (options.MaxWorkerMemory < long.MaxValue)
            {
                next = PoolWatch.Sooner(next, PoolWatch.Longest);
            }

            sender.SendAll(Current, ref actions);
            return next;
        }
    }

    /// <summary>A process uses so many bytes of memory; one that has grown too large is replaced.</summary>
    public PoolActions MemoryMeasured(Worker worker, ProcessState process, long bytes)
    {
        var actions = default(PoolActions);
        lock (gate)
        {
            if (Current is { } current && process is { Phase: ProcessPhase.Working, WasReady: true, Retirement: ProcessRetirement.None })
            {
                if (process.FirstMemory == 0)
                {
                    process.FirstMemory = bytes;
                }
                else if (bytes - process.FirstMemory > options.MaxWorkerMemory)
                {
                    process.Retire(current.State.Scheduler.HeldBy(worker.Index));
                    sender.Send(worker, Current, ref actions);
                }
            }
        }

        return actions;
    }

    /// <summary>What was composed for a process is sent: composes what has come together by then.</summary>
    /// <returns>False when there is nothing more to send.</returns>
    public bool ComposeNext(Worker worker, ProcessState process)
    {
        lock (gate)
        {
            return sender.ComposeNext(worker, process, Current);
        }
    }

    /// <summary>The processes there are, and how far each is.</summary>
    public List<(Worker Worker, ProcessState Process, ProcessPhase Phase)> Processes()
    {
        var found = new List<(Worker, ProcessState, ProcessPhase)>();
        lock (gate)
        {
            foreach (var worker in workers.All)
            {
                if (worker.Process is { } process)
                {
                    found.Add((worker, process, process.Phase));
                }
            }
        }

        return found;
    }
}
