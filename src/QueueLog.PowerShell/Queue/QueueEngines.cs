using System.Reflection;
using System.Runtime.Loader;
using QueueLog.PowerShell.Engine;
using QueueLog.Queue;

namespace QueueLog.PowerShell.Queue;

/// <summary>The way to the engine of queues, of which a session loads nothing until it uses one.</summary>
internal static class QueueEngines
{
    private const string EngineAssembly = "QueueLog.Nats";

    // In a folder of its own, so that nobody finds there what another module brings in its own version.
    private static readonly string StagedFolder = Path.Combine(ModuleFiles.Folder, "Nats");

    // A failure is not kept: the file may be there the next time.
    private static readonly Lazy<IQueueEngineFactory> Loaded = new(Load, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The engine there is; loaded by the first who asks.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static IQueueEngineFactory Factory => Loaded.Value;

    private static IQueueEngineFactory Load() =>
        (IQueueEngineFactory)new Context(StagedFolder).LoadFromAssemblyPath(Path.Combine(StagedFolder, $"{EngineAssembly}.dll")).CreateInstance($"{EngineAssembly}.NatsQueueFactory")!;

    // Whatever copies of its libraries the session has, the engine gets those that it was built with.
    private sealed class Context(string folder) : AssemblyLoadContext(EngineAssembly)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var own = typeof(QueueLink).Assembly;
            if (assemblyName.Name == own.GetName().Name)
            {
                return own;
            }

            var path = Path.Combine(folder, $"{assemblyName.Name}.dll");
            return !File.Exists(path) || (assemblyName.Name!.StartsWith("System.", StringComparison.Ordinal) && IsProvided(assemblyName)) ? null : LoadFromAssemblyPath(path);
        }

        // Parts of .NET: those of the running one where they suffice.
        private static bool IsProvided(AssemblyName wanted)
        {
            try
            {
                return Default.LoadFromAssemblyName(new AssemblyName(wanted.Name!)).GetName().Version >= wanted.Version;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
