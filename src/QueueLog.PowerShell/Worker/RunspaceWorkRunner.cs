using System.Management.Automation;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Records;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// Takes what the loop has and gives it to those who know what to do with it: a definition to the loader, an item to the
/// pipeline that stands in the process's own runspace.
/// </summary>
internal sealed class RunspaceWorkRunner : IWorkRunner
{
    private readonly WorkerLoop loop;
    private readonly WorkerStreams streams;
    private readonly PipelineInvoker invoker;
    private readonly ItemIsolation isolation;
    private readonly ArgumentBinder binder;
    private readonly DefinitionLoader loader;
    private readonly PipelineDriver driver;

    // A definition that is to be loaded between two pipelines.
    private (WorkDefinition Definition, LoadNeeds Needs)? pending;
    private bool isEnded;

    public RunspaceWorkRunner(SessionState session, WorkerLoop loop)
    {
        this.loop = loop;
        EngineLog.LeaveOutAnalytic();
        var engine = EngineState.Of(session);
        streams = new WorkerStreams(loop, engine);
        var host = new WorkerHost(new WorkerHostUI(loop.Name, streams.ReportText, streams.ReportInformation, new WorkerProgress(loop).Report), loop.Exit);
        invoker = new PipelineInvoker(loop, streams, host);
        isolation = new ItemIsolation(session, engine);
        binder = new ArgumentBinder(engine, isolation.SaveMiddle);
        loader = new DefinitionLoader(session, loop, streams, invoker, isolation, binder);
        driver = new PipelineDriver(isolation, loop, streams, invoker, binder);
    }

    public void Run()
    {
        ErrorMapper.BeginWorker();
        while (!isEnded && !invoker.IsStopping)
        {
            if (loop.IsCancelled)
            {
                pending = null;
                invoker.ConfirmCancellation();
            }
            else if (pending is var (next, needs))
            {
                pending = null;
                loader.Load(next, needs);
            }
            else
            {
                isolation.BeginPipeline();
                driver.RunItems(this);
            }
        }
    }

    public void End()
    {
        streams.BeginEnd();
        invoker.BeginEnd();
        loader.End();
    }

    public void Stop() => invoker.Stop();

    public void Interrupt() => invoker.Interrupt();

    public Action StopOfItem() => invoker.StopOfItem();

    /// <summary>Waits for the next item. Called by the head of the pipeline.</summary>
    /// <returns>False when the pipeline has to end: for good, for an initialization to run, or for a pipeline of the other kind.</returns>
    public bool MoveNext(out object? item)
    {
        item = null;
        binder.Release();
        isolation.Restore();
        while (!invoker.IsStopping && !driver.IsStopped)
        {
            switch (loop.Wait())
            {
                case WorkKind.Definition:
                    if (!TryLoad(loop.DequeueDefinition()))
                    {
                        return false;
                    }

                    break;
                case WorkKind.Item:
                    if (TryDequeueItem(out item))
                    {
                        return true;
                    }

                    break;
                case WorkKind.Cancel:
                    return false;
                case WorkKind.Withdraw:
                    loop.GiveBack();
                    break;
                default:
                    isEnded = true;
                    return false;
            }
        }

        return false;
    }

    /// <summary>Runs the item that <see cref="MoveNext"/> gave.</summary>
    public void RunItem(ItemSourceCommand source, object? item) => driver.RunItem(source, item);

    private bool TryLoad(WorkDefinition next)
    {
        var needs = loader.NeedsOf(next);
        if (needs.Pipeline)
        {
            // It must leave functions and variables behind, so it cannot run inside this pipeline.
            pending = (next, needs);
            return false;
        }

        loader.Load(next, needs);
        return driver.CanGoOn;
    }

    private bool TryDequeueItem(out object? item)
    {
        item = null;
        try
        {
            if (!loop.TryDequeueItem(out var value))
            {
                return false;
            }

            item = binder.Bind(value);
            return true;
        }
        finally
        {
            loop.ReleaseItem();
        }
    }
}
