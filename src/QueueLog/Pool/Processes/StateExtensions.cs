using QueueLog.Pool.State;

namespace QueueLog.Pool.Processes;

/// <summary>What this folder gave the pool's state, as it gets it back.</summary>
internal static class StateExtensions
{
    extension(ProcessState state)
    {
        public WorkerProcess OsProcess => (WorkerProcess)state.Process;
    }
}
