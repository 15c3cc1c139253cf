using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;
using QueueLog.Workers;

namespace QueueLog.PowerShell.Commands;

/// <summary>What Start-WorkerPool and Invoke-WorkerPool have in common: how work and workers are described.</summary>
public abstract class WorkerPoolCommand : QueueLogCommand
{
    private protected const int Most = 1000;

    private static readonly string[] PreferenceNames =
        ["ErrorActionPreference", "WarningPreference", "InformationPreference", "VerbosePreference", "DebugPreference"];

    private readonly ByteWriter scratch = new(256);
    private long count;

    /// <summary>What runs for each item, or once in each worker when nothing is piped in.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The items.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Spread each item over the block's parameters: an array by position, a hashtable by name.</summary>
    [Parameter]
    public SwitchParameter Splat { get; set; }

    /// <summary>Further arguments for the block, after the item.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>Runs once in each worker before its first item.</summary>
    [Parameter]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    private protected int WorkerCount { get; set; } = Environment.ProcessorCount;

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    private protected object? WorkersListener { get; set; }

    /// <summary>Whether items were given, by the pipeline or by name.</summary>
    private protected bool HasInput => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <summary>Describes the work, or ends the command with the reason why that cannot be done.</summary>
    private protected WorkDefinition Define()
    {
        var usingValues = new List<NamedValue>();
        foreach (var script in new[] { ScriptBlock, InitializationScript })
        {
            if (script is not null && UsingValues.Collect(script, SessionState, usingValues) is { } error)
            {
                ThrowTerminatingError(error);
            }
        }

        var arguments = new byte[ArgumentList?.Length ?? 0][];
        for (var i = 0; i < arguments.Length; i++)
        {
            try
            {
                arguments[i] = ValueSerializer.ToBytes(ArgumentList![i]);
            }
            catch (ValueNotSerializableException e)
            {
                ThrowTerminatingError(Errors.ArgumentNotSerializable(string.Create(CultureInfo.InvariantCulture, $"-ArgumentList[{i}]"), ArgumentList![i], e));
            }
        }

        var preferences = new List<NamedValue>();
        foreach (var name in PreferenceNames)
        {
            // As its name: an enumeration would arrive as a deserialized shadow of itself.
            if (SessionState.PSVariable.GetValue(name)?.ToString() is { Length: > 0 } value)
            {
                preferences.Add(new NamedValue(name, ValueSerializer.ToBytes(value)));
            }
        }

        return new WorkDefinition
        {
            Script = ScriptBlock?.ToString() ?? "",
            Initialization = InitializationScript?.ToString() ?? "",
            Splat = Splat,
            Location = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
            Culture = CultureInfo.CurrentCulture.Name,
            UICulture = CultureInfo.CurrentUICulture.Name,
            Arguments = arguments,
            UsingValues = usingValues.ToArray(),
            Preferences = preferences.ToArray(),
        };
    }

    /// <summary>Starts the processes of a pool, or ends the command with the reason why that cannot be done.</summary>
    private protected WorkerPool StartPool(string name, bool staysWarm, WorkDefinition? initialization = null)
    {
        try
        {
            var options = new WorkerPoolOptions
            {
                Name = name,
                Count = WorkerCount,
                StaysWarm = staysWarm,
                Initialization = initialization,
                WorkingDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
                ListenerAddress = WorkersListener is null ? null : ListenerArgument.ToAddress(this, WorkersListener),
            };
            var engineHome = SessionState.PSVariable.GetValue("PSHOME") as string ?? "";
            var pool = new WorkerPool(options, WorkerCommandLine.Find(typeof(WorkerPoolCommand).Assembly.Location, engineHome));
            if (!PoolRegistry.TryAdd(pool))
            {
                _ = pool.KillAsync();
                ThrowTerminatingError(Errors.PoolNameInUse(name));
            }

            pool.Start();
            return pool;
        }
        catch (WorkerHostNotFoundException e)
        {
            ThrowTerminatingError(Errors.WorkerHostNotFound(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipeNameException)
        {
            ThrowTerminatingError(Errors.PoolStartFailed(e));
        }

        throw new InvalidOperationException();
    }

    /// <summary>Makes the next item; null, and an error written, when it cannot travel.</summary>
    private protected WorkItem? ToItem(object? input)
    {
        var index = count++;
        scratch.Clear(ProtocolLimits.MaxGreetingLength);
        try
        {
            ValueSerializer.Write(scratch, input);
            return new WorkItem(index, input, scratch.Written.ToArray());
        }
        catch (ValueNotSerializableException e)
        {
            WriteError(Errors.ItemNotSerializable(input, index, e));
            return null;
        }
    }

    /// <summary>The items of this call: the piped one, or each element of a list given by name.</summary>
    private protected IEnumerable<object?> CurrentItems()
    {
        if (!MyInvocation.ExpectingInput && LanguagePrimitives.GetEnumerable(InputObject) is { } list)
        {
            foreach (var item in list)
            {
                yield return item;
            }
        }
        else
        {
            yield return InputObject;
        }
    }

    /// <summary>One item for each worker: its 0-based number.</summary>
    private protected void AddOncePerWorker(PoolRun run, int workers)
    {
        for (var i = 0; i < workers; i++)
        {
            if (ToItem(i) is { } item)
            {
                run.AddFor(i, item);
            }
        }
    }
}
