using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.Pool;
using QueueLog.Pool.Processes;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
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
    private ItemFeed? feed;

    // Asking the invocation is dear where it is done for each item.
    private bool? isPiped;

    /// <summary>What runs for each item, or once in each worker when nothing is piped in.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>A script file that runs in place of a script block.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>The items.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Spread each item over the block's parameters: an array by position, a hashtable by name, an object by its properties.</summary>
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
    [ArgumentCompleter(typeof(ModuleNameCompleter))]
    public object[]? ImportModule { get; set; }

    /// <summary>How many items there will be, for the progress of a run whose input is still being read. Default: known for arrays, ranges and an input that has ended.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long Total { get; set; }

    /// <summary>How many items the input makes: -Total, or as many as were counted; null where neither is known.</summary>
    private protected long? TotalItems(long? counted) =>
        (Total > 0 ? Total : counted) is { } inputs ? (inputs + Math.Max(1, Batch) - 1) / Math.Max(1, Batch) : null;

    /// <summary>Names of variables that each worker gets; wildcards are allowed. For what <c>$using:</c> cannot reach, such as functions that use them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Variable { get; set; }

    /// <summary>Folder the workers are in. Default: the session's location.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    private protected ItemFeed Feed => feed ??= new ItemFeed(Batch);

    /// <summary>Whether items come by the pipeline.</summary>
    private protected bool IsPiped => isPiped ??= MyInvocation.ExpectingInput;

    /// <summary>Whether items were given, by the pipeline or by name.</summary>
    private protected bool HasInput => IsPiped || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <summary>Whether workers without work of their own have something to prepare.</summary>
    private protected bool HasSetup => InitializationScript is not null || EndScript is not null || ImportModule is not null || WorkingDirectory is not null || Variable is not null;

    /// <summary>Makes a script block of -FilePath, or ends the command with the reason why that cannot be done.</summary>
    private protected void LoadFile()
    {
        if (FilePath is null)
        {
            return;
        }

        if (ScriptBlock is not null)
        {
            ThrowTerminatingError(PoolErrors.ScriptBlockAmbiguous(FilePath));
        }

        ThrowIfError(ScriptFile.Load(this, FilePath, out var block));
        ScriptBlock = block;
    }

    /// <summary>Describes the work, or ends the command with the reason why that cannot be done.</summary>
    /// <param name="showsStreams">Whether the session shows the streams of the items as they come.</param>
    private protected WorkDefinition Define(bool showsStreams = false)
    {
        var builder = new WorkDefinitionBuilder(SessionState, WriteWarning);
        foreach (var script in new[] { ScriptBlock, InitializationScript, EndScript })
        {
            if (script is not null)
            {
                ThrowIfError(builder.AddScript(script));
            }
        }

        ThrowIfError(builder.AddArguments(ArgumentList ?? []));
        Array.ForEach(Variable ?? [], name => ThrowIfError(builder.AddVariables(name)));
        var definition = new WorkDefinition
        {
            Script = ScriptBlock?.ToString() ?? "",
            ScriptLocation = ScriptBlock is null ? ScriptLocation.None : LocatedScript.LocationOf(ScriptBlock),
            Initialization = InitializationScript?.ToString() ?? "",
            InitializationLocation = InitializationScript is null ? ScriptLocation.None : LocatedScript.LocationOf(InitializationScript),
            EndScript = EndScript?.ToString() ?? "",
            EndScriptLocation = EndScript is null ? ScriptLocation.None : LocatedScript.LocationOf(EndScript),
            Grace = TimeSpan.FromSeconds(GraceSeconds),
            Splat = Splat,
            IsBatch = Batch > 0 && HasInput,
            NoCapture = NoCapture,
            FailOn = FailOn,
            ShowsStreams = showsStreams,
            Location = WorkersLocation(),
            IsLocationGiven = WorkingDirectory is not null,
            Culture = CultureInfo.CurrentCulture.Name,
            UICulture = CultureInfo.CurrentUICulture.Name,
            Preferences = SessionPreferences.Encode(SessionState, MyInvocation.BoundParameters),
        };
        ThrowIfError(builder.Complete(definition, ImportModule ?? [], ScriptBlock, out var whole));
        return whole;
    }

    private void ThrowIfError(ErrorRecord? error)
    {
        if (error is not null)
        {
            ThrowTerminatingError(error);
        }
    }

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
        ThrowIfError(WorkerEnvironment.Convert(EnvironmentVariable, out var settings));
        return settings;
    }

    /// <summary>Address of the log that -Listener names; null for the session's.</summary>
    private protected string? ListenerAddress => Listener is null ? null : ListenerArgument.ToAddress(this, Listener);

    /// <summary>Starts the processes of a pool, or ends the command with the reason why that cannot be done.</summary>
    /// <param name="given">The name that the user gave it; null for the session's next.</param>
    /// <param name="staysWarm">Whether it waits for work, run by run.</param>
    /// <param name="initialization">What prepares its workers.</param>
    private protected IItemPool StartPool(string? given, bool staysWarm, WorkDefinition? initialization = null)
    {
        if (Queue is not null)
        {
            return StartQueuePool(given);
        }

        var name = given ?? PoolRegistry.NextName();
        try
        {
            var address = ListenerAddress;
            var options = new WorkerPoolOptions
            {
                Name = name,
                Count = Count,
                StaysWarm = staysWarm,
                MaxItemsPerWorker = MaxItemsPerWorker,
                MaxWorkerMemory = MaxWorkerMemory,
                Initialization = initialization,
                WorkingDirectory = WorkersLocation(),
                Environment = Settings(),
                Exits = ModuleState.Exits,
                DescribeFailure = PoolErrors.DescribeFailure,
                DescribeItem = DescribeElsewhere,
                ListenerAddress = address,
                LogPath = () => ModuleState.LogPath(address),
            };
            var pool = new WorkerPool(options, WorkerCommandLine.Find(ModuleFiles.Assembly, EngineModules.HomeOf(SessionState)));
            if (!PoolRegistry.TryAdd(pool))
            {
                _ = pool.KillAsync();
                ThrowTerminatingError(PoolErrors.PoolNameInUse(name));
            }

            // Nobody waits for input that may not come.
            pool.Start(staysWarm ? 0 : HasInput ? 1 : Count);
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

    // For a thread without a session: the text of a script's own class would be made by the session, which is busy.
    private static string DescribeElsewhere(object? input) => RecordMapper.Unwrap(input)?.GetType() is { Assembly.IsDynamic: true } type ? type.Name : PoolErrors.Shorten(input);

    /// <summary>The warm pool of a job, of a status or of a name, or ends the command with the reason why there is none.</summary>
    private protected IItemPool FindWarmPool(object given)
    {
        var job = RecordMapper.Unwrap(given) as PoolJob;
        var name = job?.Pool.Name ?? (RecordMapper.Unwrap(given) as PoolStatus)?.Name ?? given.ToString() ?? "";
        var isForeign = RecordMapper.Unwrap(given) is PoolStatus status && status.Pid != Environment.ProcessId;
        var found = isForeign ? null : job?.Pool ?? PoolRegistry.Find(name);
        if (found is null)
        {
            ThrowTerminatingError(PoolErrors.PoolNotFound(name));
        }

        if (!found!.StaysWarm)
        {
            ThrowTerminatingError(PoolErrors.PoolNotWarm(name));
        }

        return found;
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
}
