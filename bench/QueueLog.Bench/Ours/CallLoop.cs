using System.Diagnostics;
using System.Management.Automation.Runspaces;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.Bench.Ours;

/// <summary>One cmdlet called over and over from a compiled script block, in a runspace of this process.</summary>
internal sealed class CallLoop : IDisposable
{
    private const int Calls = 100_000;

    private readonly Runspace runspace;
    private readonly string script;

    /// <param name="name">The cmdlet's name.</param>
    /// <param name="command">The class of the cmdlet.</param>
    /// <param name="arguments">What stands behind the name in the script.</param>
    public CallLoop(string name, Type command, string arguments)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry(name, command, helpFileName: null));
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        script = $"& {{ for ($i = 0; $i -lt {Calls}; $i++) {{ {name} {arguments} }} }}";

        // The engine interprets the first rounds of a loop and compiles it in the background.
        Nanoseconds();
    }

    public double Nanoseconds()
    {
        using var shell = Shell.Create(runspace);
        shell.AddScript(script);
        var watch = Stopwatch.StartNew();
        shell.Invoke();
        watch.Stop();
        return shell.HadErrors
            ? throw new InvalidOperationException($"{shell.Streams.Error[0]}")
            : watch.Elapsed.TotalNanoseconds / Calls;
    }

    public void Dispose() => runspace.Dispose();
}
