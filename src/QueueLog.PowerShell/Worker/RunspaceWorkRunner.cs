using System.Collections;
using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Wire;
using QueueLog.Workers.Child;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// Runs items on one standing pipeline in the process's own runspace. Its head cmdlet calls a plain block itself, in a scope of
/// its own; for any other it writes each item, and a script in the middle calls the block. The end passes on what comes out.
/// </summary>
internal sealed class RunspaceWorkRunner : IWorkRunner
{
    // The loop is for a stray break or continue: it ends the item, as it would end a round of foreach. No try: an error that
    // ends a statement must not end the item, as it would not end a script; one that ends the item ends the pipeline, and Run
    // starts the next.
    private const string ItemScript = """
        param($__QueueLog)
        begin { $__QueueLog[3].Invoke() }
        process {
            $__QueueLogArguments = $__QueueLog[1]
            $__QueueLogNamed = $__QueueLog[2]
            do { & $__QueueLog[0] @__QueueLogArguments @__QueueLogNamed } while ($false)
        }
        """;

    // Not a script of its own, so that its block can have a file; dot-sourced, so that what it makes stays. The loop as above; it
    // is not left by 'exit', which otherwise looks like an end.
    private const string InitializationScript = """
        param($__QueueLogBlock, $__QueueLogNamed, $__QueueLogEnd)
        do { . $__QueueLogBlock @__QueueLogNamed } while ($false)
        $__QueueLogEnd.Invoke()
        """;

    // The number of what prepares a warm pool's workers; runs count from 1.
    private const int PreparationId = 0;

    // The engine's name for the parameter by which a script gets the values of its $using: expressions.
    private const string UsingParameter = "-%";

    private static readonly CmdletInfo Source = new("Read-WorkItem", typeof(ItemSourceCommand));

    private readonly WorkerStreams streams = new();
    private readonly WorkerProgress progress = new();
    private readonly PSInvocationSettings settings;
    private readonly StreamSink<PSObject> output;
    private readonly SessionState session;

    private readonly SessionLoader loader;
    private readonly EngineState? engine;

    // Script block, positional arguments, named arguments: what the middle of the pipeline reads for each item. And what it
    // calls once, for its scope is an item's -Scope 1.
    private readonly object?[] call = new object?[4];

    private WorkerLoop loop = null!;
    private WorkDefinition definition = new();
    private object?[] arguments = [];
    private Hashtable usingValues = [];
    private WorkDefinition? pending;

    // As the pool's own preparation left the session, and as the present definition did.
    private ItemIsolation? beforeCalls;
    private ItemIsolation? beforeItems;
    private IDictionary<string, PSVariable>? middleVariables;
    private int middleCount;
    private PSDriveInfo[]? drives;
    private bool keepsLocation;

    // Whether the present block is called without a pipeline of its own, and whether the standing pipeline is made for that.
    private bool callsDirectly;
    private bool isDirect;

    // Whether the present definition has values for $using:, and whether the session was given them.
    private bool hasUsing;
    private bool findsUsing;
    private System.Management.Automation.PowerShell? running;
    private bool isEnded;
    private volatile bool isStopping;

    // Used by the main thread only.
    private bool isPipelineStopped;

    // An interrupt must hit the pipeline it was meant for, and not the next.
    private readonly object interrupting = new();

    // Whether the item under way is given up with all others: it gets no end of its own.
    private bool IsGivenUp => isStopping || loop.IsCancelled;

    public RunspaceWorkRunner(SessionState session)
    {
        this.session = session;
        engine = EngineState.Of(session);
        callsDirectly = engine is { CanCall: true };
        EngineLog.LeaveOutAnalytic();
        loader = new SessionLoader(session, Invoke);
        call[3] = new Action(TakeMiddle);

        // Flow control exceptions come out, so that a pipeline that just ends with an item under way can only mean 'exit'.
        settings = new PSInvocationSettings { Host = new WorkerHost(new WorkerHostUI(streams.SayText, streams.SayInformation, progress.Say), code => loop.Exit(code)), ExposeFlowControlExceptions = true };
        output = new StreamSink<PSObject>(streams.SayOutput);
    }

    public void Run(WorkerLoop workerLoop)
    {
        loop = streams.Loop = progress.Loop = workerLoop;
        ErrorMapper.BeginWorker();
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
        StopPipeline(running);
    }

    public void Interrupt()
    {
        lock (interrupting)
        {
            if (loop.IsCancelled)
            {
                StopPipeline(running);
            }
        }
    }

    /// <summary>Waits for the next item.</summary>
    /// <returns>False when the pipeline has to end: for good, or for an initialization to run.</returns>
    public bool MoveNext(SessionState state, out object? item)
    {
        item = null;
        Tidy();
        while (!isStopping && !isPipelineStopped)
        {
            switch (loop.Wait())
            {
                case WorkKind.Definition:
                    var next = loop.TakeDefinition();
                    if (SessionLoader.NeedsPipeline(next))
                    {
                        // It must leave functions and variables behind, so it cannot run inside this pipeline.
                        pending = next;
                        return false;
                    }

                    Load(next);
                    if (callsDirectly != isDirect)
                    {
                        // By another pipeline.
                        return false;
                    }

                    break;
                case WorkKind.Item:
                    if (TryTakeItem(out item))
                    {
                        return true;
                    }

                    break;
                case WorkKind.Cancel:
                    return false;
                case WorkKind.Withdraw:
                    loop.GiveBack();
                    break;
                default:
                    isEnded = true;
                    return false;
            }
        }

        return false;
    }

    public Action StopOfItem()
    {
        var target = running;
        return () => StopPipeline(target);
    }

    /// <summary>Runs the item that <see cref="MoveNext"/> gave.</summary>
    public void RunItem(ItemSourceCommand source, object? item)
    {
        var outcome = ItemOutcome.Completed;
        if (isDirect)
        {
            outcome = Call(source, item);
        }
        else
        {
            source.WriteObject(item);
        }

        // An item that ended although it was to be stopped: the stop may still hit this pipeline, so the next begins another.
        isPipelineStopped = !streams.EndItem(outcome);
    }

    private static void StopPipeline(System.Management.Automation.PowerShell? pipeline)
    {
        try
        {
            pipeline?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at that moment.
        }
    }

    private ItemOutcome Call(ItemSourceCommand source, object? item)
    {
        try
        {
            engine!.Call((ScriptBlock)call[0]!, source, item, (object?[])call[1]!);
            return ItemOutcome.Completed;
        }
        catch (LoopFlowException)
        {
            // A stray break or continue.
            return ItemOutcome.Completed;
        }
#pragma warning disable CA1031 // whatever the item threw, it is the item's end and not the worker's
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
#pragma warning restore CA1031
        {
            return EndBy(e) ?? throw new PipelineStoppedException();
        }
    }

    private void RunItems()
    {
        var outcome = ItemOutcome.Failed;
        isPipelineStopped = false;
        try
        {
            using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand(Source).AddParameter(nameof(ItemSourceCommand.Runner), this);
            isDirect = callsDirectly;
            middleVariables = null;
            if (!isDirect)
            {
                shell.AddScript(ItemScript, useLocalScope: true).AddArgument(call);
            }

            Invoke(shell);
            if (loop.Item >= 0)
            {
                if (IsGivenUp)
                {
                    return;
                }

                if (!loop.IsItemStopped)
                {
                    loop.Exit(session.PSVariable.GetValue("global:LASTEXITCODE") is int code ? code : 1);
                }

                outcome = ItemOutcome.Stopped;
            }
        }
        catch (PipelineStoppedException) when (IsGivenUp)
        {
            return;
        }
        catch (PipelineStoppedException) when (loop.IsItemStopped || loop.Item < 0)
        {
            // It alone, or a stop that came too late for it.
            outcome = ItemOutcome.Stopped;
        }
        catch (FlowControlException)
        {
            // A break or continue to a label that is not there.
            outcome = ItemOutcome.Completed;
        }
#pragma warning disable CA1031 // as above
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (EndBy(e) is not { } end)
            {
                return;
            }

            outcome = end;
        }

        streams.EndItem(outcome);
    }

    // An item that was stopped has not failed, whatever error it ends with: it was not at its end, and a resume runs it again.
    private ItemOutcome? EndBy(Exception e)
    {
        var isGivenUp = IsGivenUp;
        var wasStopped = isGivenUp || loop.IsItemStopped;

        // Of a command whose module it was loading at the stop the engine says that it was not found.
        if (!wasStopped || e is not CommandNotFoundException)
        {
            streams.SayError(
                wasStopped ? WorkEntryKind.Error : WorkEntryKind.Failure,
                e is RuntimeException failure ? failure.ErrorRecord : new ErrorRecord(e, e.GetType().Name, ErrorCategory.NotSpecified, null));
        }

        return isGivenUp ? null : wasStopped ? ItemOutcome.Stopped : ItemOutcome.Failed;
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

    // What the last item left.
    private void Tidy()
    {
        beforeItems?.Restore();
        if (middleVariables is not null && middleVariables.Count != middleCount)
        {
            foreach (var name in middleVariables.Keys.Skip(middleCount).ToArray())
            {
                middleVariables.Remove(name);
            }
        }
    }

    private ItemIsolation TakeState() => new(session, engine, drives ??= [.. session.Drive.GetAll()]);

    private void TakeMiddle()
    {
        middleVariables = engine?.CurrentVariables;
        middleCount = middleVariables?.Count ?? 0;
    }

    private void Load(WorkDefinition next)
    {
        // What a definition makes by itself is as it was; what initializations, modules and functions do is done anew.
        var isLoaded = beforeItems is not null && next.Repeats == definition.Id && !SessionLoader.NeedsPipeline(next);
        try
        {
            definition = next;
            if (isLoaded)
            {
                beforeItems!.Restore();
                ReadValues(next);
                loop.Ready(next.Id);
                return;
            }

            BeginDefinition(next);
            loader.Load(next);
            call[0] = PlacedScript.ToScriptBlock(next.Script, next.ScriptLocation);
            ReadValues(next);
            callsDirectly = engine is { CanCall: true } && !next.Splat && (!hasUsing || findsUsing) && PlainBlock.Is((ScriptBlock)call[0]!);
            SetSession(next);
            if (next.Initialization.Length > 0)
            {
                Initialize(next);
            }

            EndDefinition(next);
            loop.Ready(next.Id);
        }
        catch (ParseException e)
        {
            loop.NotReady(next.Id, "ScriptBlockDoesNotParse", $"The script block does not parse in the worker: {e.Message}");
        }
        catch (RuntimeException e) when (loader.Importing is { } module)
        {
            loop.NotReady(next.Id, "InitializationFailed", $"{loop.Name} could not import the module '{module}': {e.Message}");
        }
        catch (RuntimeException e)
        {
            loop.NotReady(next.Id, "InitializationFailed", $"{loop.Name} could not be initialized: {e.Message} {e.ErrorRecord?.InvocationInfo?.PositionMessage}");
        }
    }

    // Anew for each call: items may have changed what is inside of them.
    private void ReadValues(WorkDefinition next)
    {
        arguments = new object?[next.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = SerializedValue.Read(next.Arguments[i]);
        }

        usingValues = [];
        if (next.UsingValues.Length == 0 && !hasUsing)
        {
            return;
        }

        var values = new Hashtable(next.UsingValues.Length);
        foreach (var value in next.UsingValues)
        {
            values[value.Name] = SerializedValue.Read(value.Value);
        }

        hasUsing = values.Count > 0;
        if (hasUsing)
        {
            usingValues[UsingParameter] = values;
        }

        findsUsing = engine?.TrySetUsing(values) == true;
    }

    // A warm pool's calls each begin where its own preparation ended.
    private void BeginDefinition(WorkDefinition next)
    {
        beforeItems = null;
        if (next.Id == PreparationId)
        {
            return;
        }

        if (beforeCalls is null)
        {
            beforeCalls = TakeState();
            return;
        }

        loader.Undo();
        beforeCalls.Restore();
    }

    private void EndDefinition(WorkDefinition next)
    {
        if (SessionLoader.NeedsPipeline(next))
        {
            // It may have made drives.
            drives = null;
        }

        if (next.Id == PreparationId)
        {
            keepsLocation = next.IsLocationGiven;
            loader.Keep();
            beforeCalls = TakeState();
        }
        else
        {
            beforeItems = TakeState();
        }
    }

    private void Initialize(WorkDefinition next)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        var hasEnded = false;
        shell.AddScript(InitializationScript, useLocalScope: false)
            .AddArgument(PlacedScript.ToScriptBlock(next.Initialization, next.InitializationLocation))
            .AddArgument(usingValues)
            .AddArgument(new Action(() => hasEnded = true));
        try
        {
            Invoke(shell);
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

        if (!hasEnded && !IsGivenUp)
        {
            throw new RuntimeException("'exit' does not belong there; 'throw' says why a worker cannot be used, and 'return' ends the script.");
        }
    }

    private void SetSession(WorkDefinition next)
    {
        SessionPreferences.Set(session, next.Preferences);
        if (next.Location.Length > 0 && (next.IsLocationGiven || !keepsLocation) && !string.Equals(FileSystemLocation.Of(session), next.Location, StringComparison.Ordinal))
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
