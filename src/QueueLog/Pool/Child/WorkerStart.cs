using System.Reflection;
using System.Text;
using QueueLog.Pool.Processes;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>Makes the loop of a process that a pool has started, and all that it works with.</summary>
internal static class WorkerStart
{
    /// <summary>Connects to the pool on a thread of its own, while the main thread has an engine to start: a third of what is left to do then.</summary>
    /// <returns>The loop, or null in it when the pool is gone; null when no pool has started this process.</returns>
    public static Task<WorkerLoop?>? BeginEarly()
    {
        if (WorkerIdentity.FromEnvironment() is not { } worker)
        {
            return null;
        }

        var module = Environment.GetEnvironmentVariable(WorkerCommandLine.ModuleVariable);
        var begun = Task.Factory.StartNew(() => Prepare(worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // Nothing depends on it: what goes wrong there will do so again where it is told.
        _ = begun.ContinueWith(_ => WarmUp(module), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return begun;
    }

    /// <summary>Gives the loop that was begun before the engine, or makes it now.</summary>
    /// <returns>As above.</returns>
    public static Task<WorkerLoop?>? FromEnvironment()
    {
        var worker = WorkerIdentity.FromEnvironment();

        // What the worker itself starts is no worker.
        Environment.SetEnvironmentVariable(WorkerCommandLine.WorkerVariable, null);
        foreach (var name in Environment.GetEnvironmentVariable(WorkerCommandLine.SettingsVariable)?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable(WorkerCommandLine.SettingsVariable, null);
        Environment.SetEnvironmentVariable(WorkerCommandLine.ModuleVariable, null);
        return StartupHook.ClaimBegun() ?? (worker is null ? null : Task.FromResult(Prepare(worker)));
    }

    /// <summary>Does what needs no engine, up to the greeting.</summary>
    /// <returns>Null when there is no pool any more.</returns>
    private static WorkerLoop? Prepare(WorkerIdentity worker)
    {
        SpeakUtf8();
        if (ProcessGroup.Lead() is { } reason)
        {
            Console.Error.WriteLine($"QueueLog: programs that this worker starts may outlive it, since it cannot be put into a job object: {reason}");
        }

        PoolConnection pool;
        try
        {
            pool = PoolConnection.Open(worker);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // The pool ended while this process was starting.
            PoolRemains.Delete(worker.Address, [], isStarting: true);
            WorkerExit.KillAll(worker);
            return null;
        }

        var queue = new WorkQueue();
        var exit = new WorkerExit(pool, queue);
        var orders = new PoolOrders(pool, queue, exit);
        var reader = new PoolReader(pool.Pipe, queue, orders);
        reader.Start();
        return new WorkerLoop(pool, queue, reader, orders, exit);
    }

    /// <summary>Loads what the first definition and the import of the module would load.</summary>
    private static void WarmUp(string? module)
    {
        _ = WorkCodec.ReadDefinition(PoolRun.ToFrame(new WorkDefinition()).Span[FrameReader.HeaderLength..]);
        if (File.Exists(module))
        {
            _ = Assembly.LoadFrom(module).GetExportedTypes();
        }
    }

    // As its pool reads it. The programs it starts write as its console says, which is its own and has no window.
    private static void SpeakUtf8()
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            }
            catch (IOException)
            {
                // There is no console at all.
            }
        }
    }
}
