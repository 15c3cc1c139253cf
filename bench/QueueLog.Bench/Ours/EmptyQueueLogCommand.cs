using System.Collections;
using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.Bench.Ours;

/// <summary>A cmdlet with the parameters of Write-QueueLog that does nothing: what the engine itself takes for such a call.</summary>
[Cmdlet(VerbsCommunications.Write, "EmptyQueueLog")]
public sealed class EmptyQueueLogCommand : PSCmdlet
{
    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    public object? Message { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public IDictionary? Property { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public ErrorRecord? ErrorRecord { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public Exception? Exception { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public string? Category { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public object? Listener { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
    }
}
