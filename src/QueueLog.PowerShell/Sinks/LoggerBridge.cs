using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using QueueLog.PowerShell.Engine;
using QueueLog.Records;
using QueueLog.Sinks;

namespace QueueLog.PowerShell.Sinks;

/// <summary>Connects to loggers of Microsoft.Extensions.Logging, a library that this module does not load.</summary>
internal static class LoggerBridge
{
    private const string ReceiverAssembly = "QueueLog.Extensions.Logging";
    private static readonly string[] Contracts = ["Microsoft.Extensions.Logging.ILoggerFactory", "Microsoft.Extensions.Logging.ILogger"];

    // In a folder of its own, so that nobody finds there what another module brings in its own version.
    private static readonly string StagedFolder = Path.Combine(ModuleFiles.Folder, "Logging");

    // A process may hold several copies of the library, one of each module that brought it: each gets a receiver of its own.
    private static readonly ConcurrentDictionary<Assembly, Func<object, IRecordReceiver>> Receivers = new();

    /// <summary>A receiver that forwards to a logger or a logger factory; null when the value is neither.</summary>
    /// <param name="value">What a user gave.</param>
    /// <param name="folder">Where the assembly is that does it. Default: beside the module.</param>
    /// <exception cref="IOException">It is not there.</exception>
    public static IRecordReceiver? TryCreate(object value, string? folder = null) =>
        Array.Find(value.GetType().GetInterfaces(), type => Contracts.Contains(type.FullName, StringComparer.Ordinal)) is { } contract
            ? Receivers.GetOrAdd(contract.Assembly, library => Load(library, folder ?? StagedFolder))(value)
            : null;

    private static Func<object, IRecordReceiver> Load(Assembly library, string folder)
    {
        var assembly = new Context(library).LoadFromAssemblyPath(Path.Combine(folder, $"{ReceiverAssembly}.dll"));
        return assembly.GetType($"{ReceiverAssembly}.LoggerReceiver", throwOnError: true)!
            .GetMethod("Create", [typeof(object)])!
            .CreateDelegate<Func<object, IRecordReceiver>>();
    }

    // Whatever copy and version of the library the logger is of, the receiver is bound to that one.
    private sealed class Context(Assembly library) : AssemblyLoadContext(ReceiverAssembly)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == library.GetName().Name ? library
            : assemblyName.Name == typeof(LogRecord).Assembly.GetName().Name ? typeof(LogRecord).Assembly
            : null;
    }
}
