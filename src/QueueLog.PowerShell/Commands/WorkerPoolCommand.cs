using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Pool;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Commands;

/// <summary>What Start-WorkerPool and Invoke-WorkerPool have in common: how work and workers are described.</summary>
public abstract partial class WorkerPoolCommand : QueueLogCommand
{
    private protected const int Most = WorkerPoolOptions.MostWorkers;

    private readonly ByteWriter scratch = new(256);
    private long count;

    // Asking the invocation is dear where it is done for each item.
    private bool? isPiped;

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

    /// <summary>Keep the streams of the items out of the log; they still come back, and what the items log is logged.</summary>
    [Parameter]
    public SwitchParameter NoCapture { get; set; }

    /// <summary>Modules that each worker imports at its start: names, paths or module objects.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? ImportModule { get; set; }

    /// <summary>How many items there will be, for the progress of a run whose input is still being read. Default: known for arrays, ranges and an input that has ended.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long Total { get; set; }

    /// <summary>Folder the workers are in. Default: the session's location.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Environment variables of the worker processes; null takes one away.</summary>
    private protected IDictionary? WorkersEnvironment { get; set; }

    /// <summary>Number of worker processes. Default: the number of processors.</summary>
    private protected int WorkerCount { get; set; } = Environment.ProcessorCount;

    /// <summary>How many items a process runs before another takes its place. Default: any number.</summary>
    private protected long WorkerItems { get; set; } = long.MaxValue;

    /// <summary>Bytes by which a process's memory may grow before another takes its place. Default: any number.</summary>
    private protected long WorkerMemory { get; set; } = long.MaxValue;

    /// <summary>The log the workers write to: a listener, its name or its address. Default: the session's.</summary>
    private protected object? WorkersListener { get; set; }

    /// <summary>Whether items come by the pipeline.</summary>
    private protected bool IsPiped => isPiped ??= MyInvocation.ExpectingInput;

    /// <summary>Whether items were given, by the pipeline or by name.</summary>
    private protected bool HasInput => IsPiped || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <summary>Whether workers without work of their own have something to prepare.</summary>
    private protected bool HasSetup => InitializationScript is not null || ImportModule is not null || WorkingDirectory is not null;

    /// <summary>Describes the work, or ends the command with the reason why that cannot be done.</summary>
    /// <param name="showsStreams">Whether the session shows the streams of the items as they come.</param>
    private protected WorkDefinition Define(bool showsStreams = false)
    {
        var usingValues = new List<NamedValue>();
        var blocks = new List<ScriptBlock>();
        foreach (var script in new[] { ScriptBlock, InitializationScript })
        {
            if (script is not null && UsingValues.Collect(script, SessionState, usingValues, blocks) is { } error)
            {
                ThrowTerminatingError(error);
            }
        }

        var arguments = new byte[ArgumentList?.Length ?? 0][];
        for (var i = 0; i < arguments.Length; i++)
        {
            try
            {
                arguments[i] = SerializedValue.ToBytes(ArgumentList![i], blocks);
            }
            catch (ValueNotSerializableException e)
            {
                ThrowTerminatingError(PoolErrors.ArgumentNotSerializable(string.Create(CultureInfo.InvariantCulture, $"-ArgumentList[{i}]"), ArgumentList![i], e));
            }
        }

        var carrier = Carry(blocks);
        return new WorkDefinition
        {
            Script = ScriptBlock?.ToString() ?? "",
            ScriptLocation = ScriptBlock is null ? ScriptLocation.None : PlacedScript.LocationOf(ScriptBlock),
            Initialization = InitializationScript?.ToString() ?? "",
            InitializationLocation = InitializationScript is null ? ScriptLocation.None : PlacedScript.LocationOf(InitializationScript),
            Splat = Splat,
            NoCapture = NoCapture,
            ShowsStreams = showsStreams,
            Location = WorkersLocation(),
            IsLocationGiven = WorkingDirectory is not null,
            Culture = CultureInfo.CurrentCulture.Name,
            UICulture = CultureInfo.CurrentUICulture.Name,
            Arguments = arguments,
            UsingValues = usingValues.ToArray(),
            Preferences = SessionPreferences.Encode(SessionState, MyInvocation.BoundParameters),
            Modules = carrier.Modules,
            Functions = carrier.Functions,
            Aliases = carrier.Aliases,
        };
    }

    /// <summary>What the scripts use of the session, and what -ImportModule names.</summary>
    private SessionExporter Carry(List<ScriptBlock> blocks)
    {
        var named = new List<string>();
        var made = new List<PSModuleInfo>();
        foreach (var given in ImportModule ?? [])
        {
            if (ModuleArgument.Convert(SessionState, given, out var inMemory) is { Length: > 0 } module)
            {
                named.Add(module);
            }
            else if (inMemory is not null)
            {
                made.Add(inMemory);
            }
        }

        var modulePath = WorkersEnvironment?["PSModulePath"] as string ?? Environment.GetEnvironmentVariable("PSModulePath") ?? "";
        var carrier = new SessionExporter(SessionState, new ModuleFinder(modulePath, EngineHome), named);
        made.ForEach(carrier.AddExports);
        foreach (var block in blocks.Prepend(InitializationScript).Prepend(ScriptBlock))
        {
            if (block is not null)
            {
                carrier.Add(block);
            }
        }

        return carrier;
    }

    private string EngineHome => SessionState.PSVariable.GetValue("PSHOME") as string ?? "";

    private string WorkersLocation()
    {
        if (WorkingDirectory is null)
        {
            return FileSystemLocation.Of(SessionState);
        }

        var folder = "";
        try
        {
            folder = SessionState.Path.GetUnresolvedProviderPathFromPSPath(WorkingDirectory, out var provider, out _);
            if (provider.Name == "FileSystem" && Directory.Exists(folder))
            {
                return folder;
            }
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or NotSupportedException)
        {
            // Said as of any other that is not there.
        }

        ThrowTerminatingError(PoolErrors.WorkingDirectoryNotFound(WorkingDirectory, folder));
        return "";
    }

    private EnvironmentSetting[] Settings()
    {
        if (WorkerEnvironment.Convert(WorkersEnvironment, out var settings) is { } error)
        {
            ThrowTerminatingError(error);
        }

        return settings;
    }

    /// <summary>Address of the log that -Listener names; null for the session's.</summary>
    private protected string? ListenerAddress => WorkersListener is null ? null : ListenerArgument.ToAddress(this, WorkersListener);

    /// <summary>Starts the processes of a pool, or ends the command with the reason why that cannot be done.</summary>
    private protected IItemPool StartPool(string name, bool staysWarm, WorkDefinition? initialization = null)
    {
        try
        {
            var options = new WorkerPoolOptions
            {
                Name = name,
                Count = WorkerCount,
                StaysWarm = staysWarm,
                MaxItemsPerWorker = WorkerItems,
                MaxWorkerMemory = WorkerMemory,
                Initialization = initialization,
                WorkingDirectory = WorkersLocation(),
                Environment = Settings(),
                Exits = ModuleState.Exits,
                DescribeFailure = PoolErrors.DescribeFailure,
                DescribeItem = PoolErrors.Shorten,
                ListenerAddress = ListenerAddress,
            };
            var pool = new WorkerPool(options, WorkerCommandLine.Find(typeof(WorkerPoolCommand).Assembly.Location, EngineHome));
            if (!PoolRegistry.TryAdd(pool))
            {
                _ = pool.KillAsync();
                ThrowTerminatingError(PoolErrors.PoolNameInUse(name));
            }

            // Nobody waits for input that may not come.
            pool.Start(staysWarm ? 0 : HasInput ? 1 : WorkerCount);
            return pool;
        }
        catch (WorkerHostNotFoundException e)
        {
            ThrowTerminatingError(PoolErrors.WorkerHostNotFound(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipeNameException)
        {
            ThrowTerminatingError(PoolErrors.PoolStartFailed(e));
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
            WriteError(PoolErrors.ItemNotSerializable(input, index, e));
            return null;
        }
    }

    /// <summary>The items of this call: the piped one, or each element of a list given by name.</summary>
    private protected IEnumerable<object?> CurrentItems()
    {
        if (!IsPiped && LanguagePrimitives.GetEnumerable(InputObject) is { } list)
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
    private protected void AddOncePerWorker(IItemRun run, RunOutput output, int workers)
    {
        for (var i = 0; i < workers; i++)
        {
            AddItem(run, output, i, i);
        }
    }
}
