using System.Collections;
using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.Bench.Ours;

/// <summary>A cmdlet with the parameters of Write-QueueLog that does nothing: what the engine itself takes for such a call.</summary>
[Cmdlet(VerbsCommunications.Write, "EmptyQueueLog", DefaultParameterSetName = "Message")]
public sealed class EmptyQueueLogCommand : PSCmdlet
{
    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Message")]
    [AllowEmptyString]
    public string Message { get; set; } = "";

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Position = 1, ParameterSetName = "Message")]
    public object?[]? ArgumentList { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter]
    public IDictionary? Property { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "ErrorRecord")]
    public ErrorRecord? ErrorRecord { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Exception")]
    public Exception? Exception { get; set; }

    /// <summary>As in Write-QueueLog.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Record")]
    public LogRecord? Record { get; set; }

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
