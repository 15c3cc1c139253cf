using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.PowerShell.Sinks;

/// <summary>The session in which the scripts of one sink of one listener run, on the sink's thread.</summary>
internal sealed class SinkRunspace : IDisposable
{
    // The engine's name for the parameter by which a script gets the values of its $using: expressions.
    private const string UsingParameter = "-%";

    // This module's own: no need to find and load it again.
    private static readonly SessionStateCmdletEntry[] Commands =
    [
        .. from type in typeof(SinkRunspace).Assembly.GetTypes()
           let attribute = type.GetCustomAttribute<CmdletAttribute>()
           where type.IsPublic && attribute is not null
           select new SessionStateCmdletEntry($"{attribute.VerbName}-{attribute.NounName}", type, null),
    ];

    private readonly Runspace runspace;
    private readonly object gate = new();
    private Shell? running;
    private bool stopping;

    /// <exception cref="SinkScriptException">It cannot be made.</exception>
    public SinkRunspace(SinkScripts scripts)
    {
        var initial = InitialSessionState.CreateDefault2();
        initial.ThreadOptions = PSThreadOptions.UseCurrentThread;
        initial.ThrowOnRunspaceOpenError = true;
        initial.Commands.Add(Commands);
        initial.Commands.Add(scripts.Aliases.Select(alias => new SessionStateAliasEntry(alias.Name, alias.Definition)));
        initial.ImportPSModule(scripts.Modules);
        runspace = RunspaceFactory.CreateRunspace(initial);
        try
        {
            runspace.Open();
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(scripts.Location));
            Array.ForEach(scripts.Functions, Define);
        }
        catch (Exception e) when (e is RuntimeException or PSInvalidOperationException)
        {
            runspace.Dispose();
            throw new SinkScriptException(e.Message, e);
        }

        if (scripts.UsingValues.Count > 0)
        {
            Named[UsingParameter] = scripts.UsingValues;
        }
    }

    /// <summary>What a script block is to be splatted with, so that it has its <c>$using:</c> values.</summary>
    public Hashtable Named { get; } = [];

    public bool IsStopping
    {
        get
        {
            lock (gate)
            {
                return stopping;
            }
        }
    }

    /// <summary>Runs a script to its end. Its output is discarded.</summary>
    /// <param name="script">The script.</param>
    /// <param name="failed">Told of each error it wrote.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="RuntimeException">It ended with an error, or was stopped.</exception>
    public void Run(string script, Action<ErrorRecord> failed, params object[] arguments)
    {
        var shell = Shell.Create();
        shell.Runspace = runspace;
        shell.AddScript(script, useLocalScope: true);
        Array.ForEach(arguments, argument => shell.AddArgument(argument));
        shell.Streams.Error.DataAdded += (_, added) => failed(shell.Streams.Error[added.Index]);
        lock (gate)
        {
            running = stopping ? throw new PipelineStoppedException() : shell;
        }

        try
        {
            shell.Invoke();
            if (shell.InvocationStateInfo.State == PSInvocationState.Stopped)
            {
                throw new PipelineStoppedException();
            }
        }
        finally
        {
            lock (gate)
            {
                running = null;
                if (!stopping)
                {
                    // Otherwise a thread may still be in its Stop, which does not bear that.
                    shell.Dispose();
                }
            }
        }
    }

    /// <summary>Ends what is running, and lets nothing else run. Called by any thread.</summary>
    public void Stop()
    {
        bool isRunning;
        lock (gate)
        {
            stopping = true;
            isRunning = running is not null;
        }

        // Nobody waits for it: a script in the middle of a call of .NET ends when that does. Not BeginStop: the thread that the
        // engine makes for it would keep the process from ending until then. And the session is closed, which stops what runs
        // in it: a pwsh that ends would close it, if it was still open, and wait for that script.
        if (isRunning)
        {
            new Thread(Close) { IsBackground = true, Name = "QueueLog stop" }.Start();
        }
    }

    public void Dispose() => runspace.Dispose();

    private void Close()
    {
        try
        {
            runspace.Close();
        }
#pragma warning disable CA1031 // it has ended by itself at that moment, and its session with it: there is nothing left to stop
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void Define(CarriedFunction function)
    {
        using var shell = Shell.Create();
        shell.Runspace = runspace;
        if (function.IsBody)
        {
            shell.AddCommand("Set-Item")
                .AddParameter("LiteralPath", "function:global:" + function.Name)
                .AddParameter("Value", LocatedScript.ToScriptBlock(function.Text, function.Location))
                .AddParameter("Force");
        }
        else
        {
            shell.AddScript(". $args[0]", useLocalScope: false).AddArgument(LocatedScript.ToScriptBlock(function.Text, function.Location));
        }

        shell.Invoke();
    }
}

/// <summary>The session for the script of a sink cannot be made.</summary>
internal sealed class SinkScriptException(string message, Exception inner) : Exception(message, inner);
