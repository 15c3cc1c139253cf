using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.InteropServices;
using QueueLog.Diagnostics;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Queue;
using QueueLog.Queue;
using QueueLog.Queue.Hosts;

namespace QueueLog.PowerShell.Commands;

/// <summary>Makes this machine a host of a queue: it works for the runs that are submitted there.</summary>
[Cmdlet(VerbsLifecycle.Start, "WorkerHost")]
[OutputType(typeof(HostStatus))]
public sealed class StartWorkerHostCommand : QueueLogCommand
{
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Failure> failures = new();
    private HostAgent? host;

    /// <summary>The link file of the queue.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Queue { get; set; } = "";

    /// <summary>How many items it runs at once, over all runs. Default: the number of processors.</summary>
    [Parameter]
    [ValidateRange(1, WorkerPoolOptions.MostWorkers)]
    public int Count { get; set; } = Environment.ProcessorCount;

    /// <summary>What logs, -On and Get-WorkerHost call it. Default: the name of this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Stay until the host is stopped: for services, and for ssh.</summary>
    [Parameter]
    public new SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: how long items under way get to finish when it is stopped, in seconds.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 24 * 3600.0)]
    public double GraceSeconds { get; set; } = 30;

    /// <summary>Give the state of the host.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!HostOptions.IsValidName(Name))
        {
            ThrowTerminatingError(QueueErrors.HostNameInvalid(Name));
        }

        var engine = ConnectQueue(Queue, $"host {Name}");
        try
        {
            host = base.Wait(new ValueTask<HostAgent>(HostAgent.StartAsync(engine, Options(), Cancellation)));
        }
        catch (HostNameInUseException e)
        {
            ThrowTerminatingError(QueueErrors.HostNameInUse(e));
        }
        catch (QueueException e)
        {
            ThrowTerminatingError(QueueErrors.Failed(e, Queue));
        }
        catch (WorkerHostNotFoundException e)
        {
            ThrowTerminatingError(PoolErrors.WorkerHostNotFound(e));
        }
        finally
        {
            if (host is null)
            {
                Release(engine);
            }
        }

        HostRegistry.Add(host!);
        if (PassThru)
        {
            Views.Load();
            WriteObject(HostStatusFactory.Create(host!.Entry, engine.Server));
        }

        if (Wait)
        {
            WaitForEnd();
        }
    }

    // What asks a service to stop on Unix would otherwise end the process where it stands. Ctrl+C ends the command.
    private void WaitForEnd()
    {
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = host!.StopAsync(TimeSpan.FromSeconds(GraceSeconds));
        });
        try
        {
            while (!base.Wait(host!.Completion, FailurePause))
            {
                WarnOfFailures();
            }

            WarnOfFailures();
        }
        catch (PipelineStoppedException)
        {
            host!.StopAsync(TimeSpan.FromSeconds(GraceSeconds)).Wait();
            throw;
        }

        if (host!.Superseded)
        {
            WriteWarning(QueueWarnings.HostSuperseded(Name));
        }
    }

    // Whoever looks after a service reads them where it writes.
    private void WarnOfFailures()
    {
        while (failures.TryDequeue(out var failure))
        {
            WriteWarning($"{failure.Source}: {failure.Message}");
        }
    }

    private FailureLog ToReport()
    {
        var log = new FailureLog();
        log.Reported += failures.Enqueue;
        return log;
    }

    private HostOptions Options() => new()
    {
        Failures = Wait ? ToReport() : new FailureLog(),
        Name = Name,
        Slots = Count,
        Version = typeof(StartWorkerHostCommand).Assembly.GetName().Version!,
        EngineVersion = (SessionState.PSVariable.GetValue("PSVersionTable") as IDictionary)?["PSVersion"]?.ToString() ?? "",
        StartPool = new HostPools(WorkerCommandLine.Find(ModuleFiles.Assembly, EngineModules.HomeOf(SessionState)), FileSystemLocation.Of(SessionState)).Start,
        DescribeFailure = static failure => PoolErrors.DescribeFailure(failure).Reason,
    };
}
