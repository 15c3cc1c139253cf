using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Errors;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <content>How items are treated.</content>
public abstract partial class WorkerPoolCommand
{
    private const double LongestSeconds = 30 * 24 * 3600;

    /// <summary>How many inputs make one item, which the block gets as an array: for cheap items. Default: each input is an item.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Batch { get; set; }

    /// <summary>How long an item may take, in seconds. Beyond it the item is stopped, and killed where it does not stop. Default: as long as it likes.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0.001, LongestSeconds)]
    public double TimeoutSeconds { get; set; }

    /// <summary>How long the whole run may take, in seconds. Beyond it the items under way are stopped and no others are begun. Default: as long as it likes.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0.001, LongestSeconds)]
    public double RunTimeoutSeconds { get; set; }

    /// <summary>How long an item that is told to stop may take for it, in seconds. Default: 2.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 3600.0)]
    public double GraceSeconds { get; set; } = 2;

    /// <summary>What fails an item that runs to its end: nothing, error records, or also the last exit code of its programs. Default: error records.</summary>
    [Parameter]
    public FailOn FailOn { get; set; } = FailOn.Error;

    /// <summary>How often an item that failed is tried again. Default: 0.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int Retry { get; set; }

    /// <summary>The pause before the second attempt, in seconds; it doubles with each further one, up to an hour. Default: none.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(0, 3600.0)]
    public double RetryDelaySeconds { get; set; }

    /// <summary>An item that so many workers died of is not tried again. Default: 2.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int MaxCrashes { get; set; } = 2;

    /// <summary>What happens when so many items have failed as -HaltAfter says. Default: nothing.</summary>
    [Parameter]
    public HaltMode Halt { get; set; }

    /// <summary>How many failed items are enough for -Halt: a number, or a percentage of the ended ones. Default: 1.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string HaltAfter { get; set; } = "1";

    /// <summary>Whether something was said of how items are to be treated. -GraceSeconds is also a matter of what prepares workers.</summary>
    private protected bool HasItemOptions =>
        ItemParameters.Concat(ResultParameters).Any(MyInvocation.BoundParameters.ContainsKey) || (!HasSetup && MyInvocation.BoundParameters.ContainsKey(nameof(GraceSeconds)));

    private static string[] ItemParameters { get; } =
        [nameof(Batch), nameof(TimeoutSeconds), nameof(RunTimeoutSeconds), nameof(FailOn), nameof(Retry), nameof(RetryDelaySeconds), nameof(MaxCrashes), nameof(Halt), nameof(HaltAfter)];

    /// <summary>Describes how items are treated, or ends the command with the reason why that cannot be done.</summary>
    private protected RunOptions DefineRun()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(HaltAfter)) && Halt == HaltMode.Never)
        {
            ThrowTerminatingError(PoolErrors.HaltModeMissing());
        }

        if (Batch > 0 && Splat)
        {
            ThrowTerminatingError(PoolErrors.BatchSplatted());
        }

        if (HaltRule.Parse(Halt, HaltAfter) is not { } halt)
        {
            ThrowTerminatingError(PoolErrors.InvalidHaltAfter(HaltAfter));
            throw new InvalidOperationException();
        }

        return new RunOptions
        {
            ItemTimeout = TimeoutSeconds > 0 ? TimeSpan.FromSeconds(TimeoutSeconds) : null,
            RunTimeout = RunTimeoutSeconds > 0 ? TimeSpan.FromSeconds(RunTimeoutSeconds) : null,
            Grace = TimeSpan.FromSeconds(GraceSeconds),
            Retry = new RetryRule { Retries = Retry, Delay = TimeSpan.FromSeconds(RetryDelaySeconds), MostDeaths = MaxCrashes },
            Halt = halt,
        };
    }
}
