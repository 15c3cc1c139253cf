using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Resources;
using System.Runtime.CompilerServices;

namespace QueueLog.Host;

/// <summary>
/// Everything this host needs of the engine that the engine keeps to itself. Nothing else reaches into it, so a new
/// version of the engine is checked here.
/// </summary>
internal static class EngineInternals
{
    private const string Engine = ", System.Management.Automation";
    private const string ContextType = "System.Management.Automation.ExecutionContext" + Engine;
    private const string StopUpstreamType = "System.Management.Automation.StopUpstreamCommandsException" + Engine;
    private const string ServerType = "System.Management.Automation.Remoting.Server.StdIOProcessMediator" + Engine;

    /// <summary>Lets <c>exit</c> in a script that was started by name end the host, as it does under pwsh -File.</summary>
    public static void LetScriptsExit(Runspace runspace) => SetRethrowExit(GetExecutionContext(runspace), true);

    /// <summary>What <c>Select-Object -First</c> throws to end the commands before it, and only those.</summary>
    public static Exception StopUpstream(InternalCommand requestedBy) => (Exception)NewStopUpstream(requestedBy);

    /// <summary>Makes an error the caller's: reported with its position, and not with that of the command that writes it.</summary>
    public static void PlaceAt(ErrorRecord record, InvocationInfo caller)
    {
        SetInvocationInfo(record, caller);
        SetPreserveInvocationInfoOnce(record, true);
    }

    /// <summary>Speaks the protocol of Start-Job on standard input and output until the other side is done.</summary>
    public static void ServeJob(string initialScript, string? workingDirectory) =>
        RunServer(null, initialScript, workingDirectory, null, null, false);

    /// <summary>
    /// Has the engine's own message for an unknown command end in what to do about it. Replacing the text covers every
    /// runspace of the process, and leaves the exception, its id and its position what scripts expect.
    /// </summary>
    public static void ExplainUnknownCommands(string explanation)
    {
        ref var messages = ref DiscoveryMessages(null);
        messages = new UnknownCommandResources(explanation);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "resourceMan")]
    private static extern ref ResourceManager DiscoveryMessages([UnsafeAccessorType("DiscoveryExceptions" + Engine)] object? type);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExecutionContext")]
    [return: UnsafeAccessorType(ContextType)]
    private static extern object GetExecutionContext(Runspace runspace);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptCommandProcessorShouldRethrowExit")]
    private static extern void SetRethrowExit([UnsafeAccessorType(ContextType)] object context, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetInvocationInfo")]
    private static extern void SetInvocationInfo(ErrorRecord record, InvocationInfo caller);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreserveInvocationInfoOnce")]
    private static extern void SetPreserveInvocationInfoOnce(ErrorRecord record, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(StopUpstreamType)]
    private static extern object NewStopUpstream(InternalCommand requestedBy);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Run")]
    private static extern void RunServer(
        [UnsafeAccessorType(ServerType)] object? type,
        string initialCommand,
        string? workingDirectory,
        string? configurationName,
        string? configurationFile,
        bool combineErrorAndOutput);
}
