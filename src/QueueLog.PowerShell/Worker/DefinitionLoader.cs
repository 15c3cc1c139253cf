using System.Globalization;
using System.Management.Automation;
using QueueLog.Pool.Child;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// Makes the session what a definition asks for: modules, functions, values, preferences, location and the initialization script.
/// A call of a warm pool that asks for the same as the one before gets its values anew, and nothing else is done again.
/// </summary>
internal sealed class DefinitionLoader
{
    // Both kinds: not a script of its own, so that its block can have a file; dot-sourced, so that what it makes stays. The loop is for a
    // stray break or continue; it is not left by 'exit', which otherwise looks like an end.
    private const string CallScript = """
        param($__QueueLogBlock, $__QueueLogNamed, $__QueueLogEnd)
        do { . $__QueueLogBlock @__QueueLogNamed } while ($false)
        $__QueueLogEnd.Invoke()
        """;

    // The number of what prepares a warm pool's workers; runs count from 1.
    private const int PreparationId = 0;

    private readonly SessionState session;
    private readonly WorkerLoop loop;
    private readonly WorkerStreams streams;
    private readonly PipelineInvoker invoker;
    private readonly ItemIsolation isolation;
    private readonly ArgumentBinder binder;
    private readonly SessionLoader loader;

    private int lastId = PreparationId;

    // The definition whose end script is to run with the end of the worker; null for none.
    private WorkDefinition? ending;

    // Whether the pool was given a place to work in: then its calls do not bring their own.
    private bool keepsLocation;

    public DefinitionLoader(SessionState session, WorkerLoop loop, WorkerStreams streams, PipelineInvoker invoker, ItemIsolation isolation, ArgumentBinder binder)
    {
        this.session = session;
        this.loop = loop;
        this.streams = streams;
        this.invoker = invoker;
        this.isolation = isolation;
        this.binder = binder;
        loader = new SessionLoader(session, invoker.Invoke);
    }

    /// <summary>What loading a definition takes, for <see cref="Load"/>.</summary>
    public LoadNeeds NeedsOf(WorkDefinition next) => loader.NeedsOf(next);

    /// <summary>Loads a definition, and has the loop run its items, or tell the pool why they cannot be run.</summary>
    public void Load(WorkDefinition next, LoadNeeds needs)
    {
        try
        {
            // What a definition makes by itself is as it was; what initializations, modules and functions do is done anew.
            var isRepeated = isolation.IsLoaded && next.Repeats == lastId && !needs.Pipeline && next.Variables.Length == 0;
            lastId = next.Id;
            if (isRepeated)
            {
                isolation.Restore();
                binder.LoadValues(next);
            }
            else
            {
                LoadAll(next, needs);
            }

            loop.Ready(next.Id);
        }
        catch (ParseException e)
        {
            loop.NotReady(next.Id, WorkerErrors.ScriptBlockDoesNotParse(e));
        }
        catch (RuntimeException e) when (loader.Importing is { } module)
        {
            loop.NotReady(next.Id, WorkerErrors.ImportFailed(loop.Name, module, e));
        }
        catch (RuntimeException e)
        {
            loop.NotReady(next.Id, WorkerErrors.InitializationFailed(loop.Name, e));
        }
    }

    /// <summary>Runs the script for the end of the worker in the session that the initialization left.</summary>
    public void End()
    {
        if (ending is not { } definition)
        {
            return;
        }

        try
        {
            isolation.End(isPrepared: definition.Id == PreparationId, loader.Undo);
            binder.LoadValues(definition);
            Run(LocatedScript.ToScriptBlock(definition.EndScript, definition.EndScriptLocation));
        }
#pragma warning disable CA1031 // whatever it threw, the worker ends
        catch (Exception e)
#pragma warning restore CA1031
        {
            streams.ReportError(WorkEntryKind.Error, WorkerErrors.Thrown(e));
        }
    }

    private void LoadAll(WorkDefinition next, LoadNeeds needs)
    {
        var isCall = next.Id != PreparationId;
        isolation.BeginDefinition(isCall, loader.Undo);
        loader.Load(next, needs);
        binder.Load(next);
        SessionPreferences.Set(session, next.Preferences);
        Array.ForEach(next.Variables, SetVariable);
        SetLocation(next);
        SetCulture(next);
        if (next.Initialization.Length > 0)
        {
            Initialize(next, isCall);
        }

        if (next.EndScript.Length > 0)
        {
            ending = next;
        }

        if (!isCall)
        {
            keepsLocation = next.IsLocationGiven;
            loader.Keep();
        }

        isolation.EndDefinition(isCall, ranScripts: needs.Pipeline);
    }

    private void Initialize(WorkDefinition next, bool isCall)
    {
        streams.TakesOutput = isCall;
        try
        {
            if (!Run(LocatedScript.ToScriptBlock(next.Initialization, next.InitializationLocation)))
            {
                throw WorkerErrors.ExitInInitialization();
            }
        }
        finally
        {
            streams.TakesOutput = false;
        }
    }

    /// <summary>Runs a block so that what it makes stays.</summary>
    /// <returns>Whether it came to its end, and did not call 'exit'.</returns>
    private bool Run(ScriptBlock block)
    {
        using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
        var hasEnded = false;
        shell.AddScript(CallScript, useLocalScope: false)
            .AddArgument(block)
            .AddArgument(binder.UsingValues)
            .AddArgument(new Action(() => hasEnded = true));
        try
        {
            invoker.Invoke(shell);
        }
        catch (FlowControlException)
        {
            // A break or continue to a label that is not there ends it, as it would end an item.
            hasEnded = true;
        }
        finally
        {
            session.PSVariable.Remove("global:__QueueLogBlock");
            session.PSVariable.Remove("global:__QueueLogNamed");
            session.PSVariable.Remove("global:__QueueLogEnd");
        }

        return hasEnded || invoker.IsGivenUp;
    }

    private void SetVariable(NamedValue variable) => session.PSVariable.Set("global:" + variable.Name, SerializedValue.Read(variable.Value));

    private void SetLocation(WorkDefinition next)
    {
        if (next.Location.Length > 0 && (next.IsLocationGiven || !keepsLocation) && !string.Equals(FileSystemLocation.Of(session), next.Location, StringComparison.Ordinal))
        {
            session.Path.SetLocation(WildcardPattern.Escape(next.Location));
        }
    }

    private static void SetCulture(WorkDefinition next)
    {
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(next.Culture);
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(next.UICulture);
        }
        catch (CultureNotFoundException)
        {
            // A culture that is only known to the session; the machine's own has to do.
        }
    }
}
