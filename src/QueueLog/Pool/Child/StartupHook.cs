using QueueLog.Pool.Child;

/// <summary>
/// The runtime calls this before a worker's engine, of whatever kind, has begun to start: see <c>DOTNET_STARTUP_HOOKS</c>. It asks
/// for exactly this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    // A static, since the runtime keeps nothing of what a hook makes and the cmdlet that needs it comes long after.
    private static Task<WorkerLoop?>? begun;

    public static void Initialize() => begun = WorkerStart.BeginEarly();

    /// <summary>Takes what was begun here; null when nothing was, or it was taken.</summary>
    public static Task<WorkerLoop?>? ClaimBegun() => Interlocked.Exchange(ref begun, null);
}
