using System.Collections;
using System.Globalization;
using System.Management.Automation;
using QueueLog.Records;
using QueueLog.Wire;
using QueueLog.Workers.Child;

namespace QueueLog.PowerShell;

/// <summary>
/// Runs items on one standing pipeline in the process's own runspace: the head cmdlet writes each item, the script in the
/// middle calls the block in a scope of its own, and the end passes on what comes out.
/// </summary>
internal sealed class RunspaceWorkRunner : IWorkRunner
{
    // The loop is for a stray break or continue: it ends the item, as it would end a round of foreach. No try: an error that
    // ends a statement must not end the item, as it would not end a script; one that ends the item ends the pipeline, and Run
    // starts the next.
    private const string ItemScript = """
        param($__QueueLog)
        process {
            $__QueueLogArguments = $__QueueLog[1]
            $__QueueLogNamed = $__QueueLog[2]
            do { & $__QueueLog[0] @__QueueLogArguments @__QueueLogNamed } while ($false)
        }
        """;

    // The engine's name for the parameter by which a script gets the values of its $using: expressions.
    private const string UsingParameter = "-%";

    private static readonly CmdletInfo Source = new("Read-WorkItem", typeof(ItemSourceCommand));

    private readonly WorkerStreams streams = new();
    private readonly PSInvocationSettings settings;
    private readonly StreamSink<PSObject> output;
    private readonly SessionState session;

    // Script block, positional arguments, named arguments: what the middle of the pipeline reads for each item.
    private readonly object?[] call = new object?[3];

    private WorkerLoop loop = null!;
    private WorkDefinition definition = new();
    private object?[] arguments = [];
    private Hashtable usingValues = [];
    private WorkDefinition? pending;
    private System.Management.Automation.PowerShell? running;
    private bool isEnded;
    private volatile bool isStopping;

    // An interrupt must hit the pipeline it was meant for, and not the next.
    private readonly object interrupting = new();

    public RunspaceWorkRunner(SessionState session)
    {
        this.session = session;

        // Flow control exceptions come out, so that a pipeline that just ends with an item under way can only mean 'exit'.
        settings = new PSInvocationSettings { Host = new WorkerHost(new WorkerHostUI(streams.SayText, streams.SayInformation), code => loop.Exit(code)), ExposeFlowControlExceptions = true };
        output = new StreamSink<PSObject>(streams.SayOutput);
    }

    public void Run(WorkerLoop workerLoop)
    {
        loop = streams.Loop = workerLoop;
        while (!isEnded && !isStopping)
        {
            if (loop.IsCancelled)
            {
                pending = null;
                lock (interrupting)
                {
                    loop.ConfirmCancellation();
                }

                continue;
            }

            if (pending is { } next)
            {
                pending = null;
                Load(next);
                continue;
            }

            RunItems();
        }
    }

    public void Stop()
    {
        isStopping = true;
        StopPipeline();
    }

    public void Interrupt()
    {
        lock (interrupting)
        {
            if (loop.IsCancelled)
            {
                StopPipeline();
            }
        }
    }

    /// <summary>Waits for the next item.</summary>
    /// <returns>False when the pipeline has to end: for good, or for an initialization to run.</returns>
    public bool MoveNext(SessionState state, out object? item)
    {
        item = null;
        while (!isStopping)
        {
            switch (loop.Wait())
            {
                case WorkKind.Definition:
                    var next = loop.TakeDefinition();
                    if (next.Initialization.Length > 0)
                    {
                        // It must leave its functions and variables behind, so it cannot run inside this pipeline.
                        pending = next;
                        return false;
                    }

                    Load(next);
                    break;
                case WorkKind.Item:
                    if (TryTakeItem(out item))
                    {
                        return true;
                    }

                    break;
                case WorkKind.Cancel:
                    return false;
                default:
                    isEnded = true;
                    return false;
            }
        }

        return false;
    }

    public void EndItem() => loop.EndItem();

    private void StopPipeline()
    {
        try
        {
            running?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at that moment.
        }
    }

    private void RunItems()
    {
        try
        {
            using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand(Source).AddParameter(nameof(ItemSourceCommand.Runner), this);
            shell.AddScript(ItemScript, useLocalScope: true).AddArgument(call);
            Invoke(shell);
            if (loop.Item >= 0 && !isStopping && !loop.IsCancelled)
            {
                loop.Exit(session.PSVariable.GetValue("global:LASTEXITCODE") is int code ? code : 1);
            }
        }
        catch (PipelineStoppedException) when (isStopping || loop.IsCancelled)
        {
            // The item is given up.
            return;
        }
        catch (FlowControlException)
        {
            // A break or continue to a label that is not there.
        }
        catch (RuntimeException e)
        {
            streams.SayError(WorkEntryKind.Failure, e.ErrorRecord);
        }
#pragma warning disable CA1031 // whatever the item threw, it is the item's end and not the worker's
        catch (Exception e)
#pragma warning restore CA1031
        {
            streams.SayError(WorkEntryKind.Failure, new ErrorRecord(e, e.GetType().Name, ErrorCategory.NotSpecified, null));
        }

        loop.EndItem();
    }

    private void Invoke(System.Management.Automation.PowerShell shell)
    {
        shell.Streams.Error.DataAdded += streams.SayErrors;
        running = shell;
        try
        {
            shell.Invoke(null, output, settings);
        }
        finally
        {
            running = null;
        }
    }

    private void Load(WorkDefinition next)
    {
        try
        {
            definition = next;
            call[0] = ScriptBlock.Create(next.Script);
            arguments = new object?[next.Arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = ValueSerializer.Read(next.Arguments[i]);
            }

            usingValues = [];
            if (next.UsingValues.Length > 0)
            {
                var values = new Hashtable(next.UsingValues.Length);
                foreach (var value in next.UsingValues)
                {
                    values[value.Name] = ValueSerializer.Read(value.Value);
                }

                usingValues[UsingParameter] = values;
            }

            SetSession(next);
            if (next.Initialization.Length > 0)
            {
                Initialize(next.Initialization);
            }

            loop.Ready(next.Id);
        }
        catch (ParseException e)
        {
            loop.NotReady(next.Id, "ScriptBlockDoesNotParse", $"The script block does not parse in the worker: {e.Message}");
        }
        catch (RuntimeException e)
        {
            loop.NotReady(next.Id, "InitializationFailed", $"{loop.Name} could not be initialized: {e.Message} {e.ErrorRecord?.InvocationInfo?.PositionMessage}");
        }
    }

    private void Initialize(string script)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(script, useLocalScope: false);
        if (usingValues.Count > 0)
        {
            shell.AddParameter("-" + UsingParameter, usingValues[UsingParameter]);
        }

        Invoke(shell);
    }

    private void SetSession(WorkDefinition next)
    {
        foreach (var preference in next.Preferences)
        {
            session.PSVariable.Set("global:" + preference.Name, ValueSerializer.Read(preference.Value));
        }

        if (next.Location.Length > 0 && !string.Equals(session.Path.CurrentFileSystemLocation.ProviderPath, next.Location, StringComparison.Ordinal))
        {
            session.Path.SetLocation(WildcardPattern.Escape(next.Location));
        }

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

    private bool TryTakeItem(out object? item)
    {
        item = null;
        if (!loop.TryTakeItem(out var value))
        {
            return false;
        }

        item = ValueSerializer.Read(value);
        call[1] = arguments;
        call[2] = usingValues;
        if (!definition.Splat || !TrySplat(item))
        {
            call[1] = Prepend(item);
        }

        return true;
    }

    /// <summary>Spreads an item over the parameters: a dictionary by name, a list by position.</summary>
    private bool TrySplat(object? item)
    {
        switch (item is PSObject wrapped ? wrapped.BaseObject : item)
        {
            case IDictionary dictionary:
                var named = new Hashtable(usingValues, StringComparer.OrdinalIgnoreCase);
                foreach (DictionaryEntry entry in dictionary)
                {
                    named[entry.Key.ToString()!] = entry.Value;
                }

                call[2] = named;
                return true;
            case IList list:
                var positional = new object?[list.Count + arguments.Length];
                list.CopyTo(positional, 0);
                arguments.CopyTo(positional, list.Count);
                call[1] = positional;
                return true;
            default:
                return false;
        }
    }

    private object?[] Prepend(object? item)
    {
        var all = new object?[arguments.Length + 1];
        all[0] = item;
        arguments.CopyTo(all, 1);
        return all;
    }
}
