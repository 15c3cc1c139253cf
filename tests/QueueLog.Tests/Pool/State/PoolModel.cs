using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Pool;
using QueueLog.Pool.State;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.State;

/// <summary>
/// A pool's state with everything around it played: supervisors, processes, the reader of the run. Nothing happens by itself; each step
/// says who goes on next. What a pool promises is checked on the way and, once everybody has gone on to the end, by <see cref="Finish"/>.
/// </summary>
internal sealed class PoolModel : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly SharedProgress progress;
    private readonly ModelOptions options;
    private readonly PoolState pool;
    private readonly List<PlayedRun> runs = [];
    private readonly List<PlayedSupervisor> supervisors = [];
    private readonly Queue<PublishEvents> published = new();
    private readonly Queue<AwaitCancellation> cancellations = new();
    private readonly FakeTimeProvider time = new();
    private bool isEnding;
    private bool isWatched;

    public PoolModel(ModelOptions options)
    {
        this.options = options;
        progress = SharedProgress.Create(folder.Combine($"pool-{Guid.NewGuid():N}"), ModelOptions.MostWorkers);
        pool = new PoolState(new WorkerPoolOptions
        {
            Name = "model",
            Count = options.Workers,
            StaysWarm = options.StaysWarm,
            MaxItemsPerWorker = options.MostItems,
        });
        foreach (var worker in pool.Workers)
        {
            if (options.StaysWarm)
            {
                Perform(pool.Open(worker));
            }
        }

        Begin();
    }

    private PlayedRun Run => runs[^1];

    public void Dispose()
    {
        progress.Dispose();
        folder.Dispose();
    }

    public void Step(ModelStep step)
    {
        Do(step);
        if (IsWorkerForgotten())
        {
            Assert.Fail("A worker has nothing to do while items wait. " + Describe());
        }
    }

    // Items may wait a moment for more of them, if somebody looks when it is over.
    private bool IsWorkerForgotten()
    {
        var scheduler = Run.Run.State.Scheduler;
        return !(scheduler.IsGathering && isWatched) && !Run.Run.IsOver && scheduler.Queued > 0 && !supervisors.Exists(one => scheduler.HasOwn(one.Worker.Index)) && supervisors.Exists(one =>
            one.Process is { IsSending: false, State: { Phase: ProcessPhase.Working, Retirement: ProcessRetirement.None } } && scheduler.HeldBy(one.Worker.Index) == 0);
    }

    private void Do(ModelStep step)
    {
        var one = supervisors.Count > 0 ? supervisors[step.Worker % supervisors.Count] : null;
        switch (step.Kind)
        {
            // A halted run ends by itself; what is added while the pool ends with it may not be told any more.
            case PoolStepKind.Add when !isEnding:
                Run.Add(step.Chance % 4 == 0 ? step.Worker % pool.Target : -1, Perform);
                break;
            case PoolStepKind.CompleteAdding:
                Run.CompleteAdding(Perform);
                break;
            case PoolStepKind.BeginRun when Run.IsClosed && options.StaysWarm:
                Begin();
                break;
            case PoolStepKind.StopRun when options.StaysWarm && step.Chance % 3 == 0:
                Run.WasCutShort = true;
                Perform(pool.Close(Run.Run, null));
                break;
            case PoolStepKind.Resize when step.Chance % 3 == 0:
                Perform(pool.Resize(1 + step.Worker % ModelOptions.MostWorkers));
                break;
            case PoolStepKind.Supervise:
                one?.Supervise(step.Chance);
                break;
            case PoolStepKind.Deliver:
                one?.Process?.Deliver();
                break;
            case PoolStepKind.Work:
                one?.Process?.Work(step.Chance);
                break;
            case PoolStepKind.Send:
                one?.Process?.SendResults();
                break;
            case PoolStepKind.Die when one?.Process is { } process:
                process.IsAlive = false;
                break;
            case PoolStepKind.Look:
                Look();
                break;
            case PoolStepKind.Read:
                Read();
                break;
            case PoolStepKind.CancellationTimesOut when cancellations.TryDequeue(out var late):
                Perform(pool.CancellationTimedOut(late.Worker, late.Process, late.Run));
                break;
        }
    }

    /// <summary>Lets everybody go on until nobody can, and checks what must be so then.</summary>
    public void Finish()
    {
        Run.CompleteAdding(Perform);
        for (var round = 0; !IsOver(); round++)
        {
            if (round == 10_000)
            {
                Assert.Fail("The run does not come to its end, a wake-up was lost. " + Describe());
            }

            foreach (var supervisor in supervisors.ToArray())
            {
                supervisor.Supervise(chance: 0);
                supervisor.Process?.Deliver();
                supervisor.Process?.Work(chance: 0);
                supervisor.Process?.SendResults();
            }

            Look();
            Read();
            if (round % 20 == 19 && cancellations.TryDequeue(out var late))
            {
                Perform(pool.CancellationTimedOut(late.Worker, late.Process, late.Run));
            }
        }

        runs.ForEach(run => run.Check());
    }

    private string Describe() => $"{Run.Run.State.Scheduler.Queued} items wait, {Run.Run.State.Scheduler.Held} are held. " +
        string.Join("; ", supervisors.Select(one => $"{one.Worker.Name}: {one.Process?.State.Phase}, holds {Run.Run.State.Scheduler.HeldBy(one.Worker.Index)}, {one.Process}"));

    private bool IsOver() => Run.IsClosed && published.Count == 0;

    private void Begin()
    {
        var run = pool.TryBegin(id => new PoolRun(pool, null!, new WorkDefinition { Id = id }, options.Run, time), out var actions);
        runs.Add(new PlayedRun(pool, run!));
        Perform(actions);
        isWatched |= pool.IsToBeWatched;
    }

    // Nobody looks, in a pool, where nothing is to be looked after: what has to be sent must be sent without that.
    private void Look()
    {
        time.Advance(PoolWatch.Longest);
        if (isWatched)
        {
            isWatched = pool.Look(progress, out var actions) is not null;
            Perform(actions);
        }
    }

    private void Read()
    {
        if (published.TryDequeue(out var next))
        {
            // What comes when the run is closed reaches nobody any more.
            if (runs.Single(run => run.Run == next.Run) is { IsClosed: false } reading)
            {
                reading.Read(next.Events);
            }

            Perform(pool.Published(next.Run));
        }
    }

    private void Perform(PoolActions actions)
    {
        foreach (var action in actions.All)
        {
            switch (action)
            {
                case StartWorker start:
                    SupervisorOf(start.Worker).Start();
                    break;
                case SendFrames send:
                    SupervisorOf(send.Worker).ProcessOf(send.Process)!.IsSending = true;
                    break;
                case KillProcess kill:
                    SupervisorOf(kill.Worker).ProcessOf(kill.Process)?.Kill();
                    break;
                case PublishEvents publish:
                    published.Enqueue(publish);
                    break;
                case AwaitCancellation cancellation:
                    cancellations.Enqueue(cancellation);
                    break;
                case Watch:
                    isWatched |= pool.IsToBeWatched;
                    break;
                case CloseRun close:
                    runs.Single(run => run.Run == close.Run).IsClosed = true;
                    break;
                case EndRun when !options.StaysWarm && !isEnding:
                    isEnding = true;
                    supervisors.ForEach(supervisor => supervisor.Process?.Queue.End(discard: false));
                    break;
            }
        }

        if (isEnding && supervisors.TrueForAll(supervisor => supervisor.IsDone) && !Run.IsClosed)
        {
            Perform(pool.End(wasStopped: false));
        }
    }

    private PlayedSupervisor SupervisorOf(Worker worker)
    {
        var supervisor = supervisors.Find(one => one.Worker == worker);
        if (supervisor is null)
        {
            supervisors.Add(supervisor = new PlayedSupervisor(pool, progress, worker, runs, Perform, () => isEnding));
        }

        return supervisor;
    }
}

/// <summary>What a pool of the model is to be like.</summary>
internal sealed record ModelOptions(int Workers, bool StaysWarm, long MostItems, RunOptions Run)
{
    public const int MostWorkers = 5;
}

/// <summary>Who goes on.</summary>
internal enum PoolStepKind
{
    Add,
    CompleteAdding,
    BeginRun,
    StopRun,
    Resize,

    /// <summary>A supervisor: starts a process, lets it in, or counts it out.</summary>
    Supervise,

    /// <summary>What is being sent to a process arrives.</summary>
    Deliver,

    /// <summary>A process takes what comes next in its queue, or ends its item.</summary>
    Work,

    /// <summary>A process's results arrive.</summary>
    Send,
    Die,
    Look,

    /// <summary>The reader of the run takes its next events.</summary>
    Read,
    CancellationTimesOut,
}

/// <summary>A step of a history.</summary>
/// <param name="Kind">Who goes on.</param>
/// <param name="Worker">Which worker, where it is one.</param>
/// <param name="Chance">Decides what is left to chance.</param>
internal sealed record ModelStep(PoolStepKind Kind, int Worker, int Chance);

/// <summary>A run of the model, with what its reader has heard.</summary>
internal sealed class PlayedRun(PoolState pool, PoolRun run)
{
    private readonly Dictionary<long, int> finalEnds = [];
    private readonly HashSet<(long Item, int Attempt)> begun = [];
    private long added;
    private bool isComplete;

    public PoolRun Run => run;

    public bool IsClosed { get; set; }

    public bool WasCutShort { get; set; }

    public void Add(int worker, Action<PoolActions> perform)
    {
        // A run that was halted may be over before its input is; what is added then is nobody's.
        if (!isComplete && !run.IsOver)
        {
            perform(pool.Add(run, new WorkItem(added, added, []), worker));
            added++;
        }
    }

    public void CompleteAdding(Action<PoolActions> perform)
    {
        if (!isComplete)
        {
            isComplete = true;
            perform(pool.CompleteAdding(run));
        }
    }

    public void Begin(long item, int attempt) =>
        Assert.True(begun.Add((item, attempt)), $"Item {item} was begun twice as attempt {attempt}.");

    public void Read(IReadOnlyList<WorkEvent> events)
    {
        foreach (var workEvent in events)
        {
            switch (workEvent)
            {
                case WorkResults results:
                    foreach (ref var entry in results.Frame.Entries)
                    {
                        Note(entry.End);
                    }

                    results.Frame.Dispose();
                    break;
                case ItemLost lost:
                    Note(lost.End);
                    break;
                case ItemsSkipped skipped:
                    foreach (var item in skipped.Items)
                    {
                        Note(new ItemEnd(item, ItemStatus.Skipped, 0, IsFinal: true));
                    }

                    break;
            }
        }
    }

    public void Check()
    {
        Assert.All(finalEnds, end => Assert.Equal(1, end.Value));
        if (!WasCutShort)
        {
            Assert.Equal(added, finalEnds.Count);
        }
    }

    private void Note(ItemEnd? end)
    {
        if (end is { IsFinal: true })
        {
            finalEnds[end.Item.Index] = finalEnds.GetValueOrDefault(end.Item.Index) + 1;
        }
    }
}
