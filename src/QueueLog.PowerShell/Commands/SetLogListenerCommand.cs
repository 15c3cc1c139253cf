using System.Management.Automation;
using QueueLog.Listener;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <summary>Changes what a listener writes while it runs, at its sinks and at every process that logs to it.</summary>
[Cmdlet(VerbsCommon.Set, "LogListener", SupportsShouldProcess = true, DefaultParameterSetName = "Name")]
[OutputType(typeof(LogListener))]
public sealed class SetLogListenerCommand : QueueLogCommand
{
    // A client answers within milliseconds. One that does not hears of the change when it goes on.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    // Beyond that the files take nothing at present.
    private static readonly TimeSpan Unresponsive = TimeSpan.FromSeconds(5);

    private static readonly string[] Changes = [nameof(MinimumLevel), nameof(ConsoleMinimumLevel), nameof(Limit), nameof(LimitBy), nameof(LimitLevel)];

    /// <summary>Names; wildcards are allowed. Default: the session's default listener.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ListenerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Listener objects.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Object", ValueFromPipeline = true)]
    public LogListener[]? Listener { get; set; }

    /// <summary>Lowest level written from now on.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel MinimumLevel { get; set; }

    /// <summary>Lowest level shown on the console from now on.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel ConsoleMinimumLevel { get; set; }

    /// <summary>Most records of a kind in a second, 0 for no limit; what comes beyond that is left out, and the log says how much.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Limit { get; set; }

    /// <summary>What is a kind for -Limit: records of the same Template, or of the same Category.</summary>
    [Parameter]
    public LimitBy LimitBy { get; set; }

    /// <summary>The lowest level that -Limit never leaves out.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel LimitLevel { get; set; }

    /// <summary>Give the listeners.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Changes them.</summary>
    protected override void ProcessRecord()
    {
        if (!Array.Exists(Changes, IsGiven))
        {
            ThrowTerminatingError(LogErrors.NothingToChange());
        }

        var listeners = Listener ?? ListenerArgument.Find(this, Name).ToArray();
        if (listeners.Length == 0 && Name is null)
        {
            WriteError(LogErrors.NoListener());
        }

        foreach (var listener in listeners)
        {
            Change(listener);
        }
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private ListenerOptions Change(ListenerOptions options) => options with
    {
        MinimumLevel = IsGiven(nameof(MinimumLevel)) ? MinimumLevel : options.MinimumLevel,
        ConsoleMinimumLevel = IsGiven(nameof(ConsoleMinimumLevel)) ? ConsoleMinimumLevel : options.ConsoleMinimumLevel,
        Limit = new RecordLimit(
            IsGiven(nameof(Limit)) ? Limit : options.Limit.PerSecond,
            IsGiven(nameof(LimitBy)) ? LimitBy : options.Limit.By,
            IsGiven(nameof(LimitLevel)) ? LimitLevel : options.Limit.LimitLevel),
    };

    private void Change(LogListener listener)
    {
        if (listener.State is ListenerState.Stopping or ListenerState.Stopped)
        {
            WriteError(LogErrors.ListenerEnded(listener.Name));
            return;
        }

        if (IsGiven(nameof(ConsoleMinimumLevel)) && listener.ConsoleMinimumLevel is null)
        {
            WriteError(LogErrors.ListenerHasNoConsole(listener.Name));
            return;
        }

        if (!ShouldProcess(listener.Name))
        {
            return;
        }

        if (!Wait(listener.ChangeAsync(Change, Timeout), Timeout + Unresponsive))
        {
            WriteWarning(LogWarnings.ChangeDelayed(listener.Name));
        }

        if (PassThru)
        {
            Views.Load();
            WriteObject(listener);
        }
    }
}
