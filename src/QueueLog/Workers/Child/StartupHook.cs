using QueueLog.Workers.Child;

/// <summary>
/// The runtime calls this before a worker's engine, of whatever kind, has begun to start: see <c>DOTNET_STARTUP_HOOKS</c>. It asks
/// for exactly this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => WorkerLoop.BeginEarly();
}
